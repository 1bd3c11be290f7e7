"""Reading records: the stage that runs formats over members."""
