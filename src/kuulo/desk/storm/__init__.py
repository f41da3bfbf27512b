"""The watch for feedback storms: what is counted, what is normal, alarms, and what people do then."""
