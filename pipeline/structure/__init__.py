"""Structure of evidence without its content: what an agency may share to get a layout supported."""
