"""The data subject's desk: what people ask about the data held of them, by when they are answered, and by whom."""
