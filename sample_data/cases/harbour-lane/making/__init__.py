"""What the sample case harbour-lane is made of; run ../generate.py."""
