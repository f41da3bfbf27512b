"""What Kuulo knows of words in Finnish, Swedish, Norwegian and English."""
