"""What a result says, for the command line and reports alike: tables' contents, verdicts."""
