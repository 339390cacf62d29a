"""One index of what people may find, split by character so that Chinese words are found."""
