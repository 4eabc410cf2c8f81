"""What was asked for: YAML text -> one checked Config, and with facts of the data every size."""
