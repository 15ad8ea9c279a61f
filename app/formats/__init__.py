"""Other systems' formats: what is asked in the shape a survey tool takes, answers from its own."""
