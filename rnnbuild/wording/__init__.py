"""The words for results: contents of tables and verdicts, for the command line and reports."""
