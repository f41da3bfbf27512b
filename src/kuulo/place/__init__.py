"""What Kuulo knows of places: gazetteers, names of places in running text, points in areas."""
