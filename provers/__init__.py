"""What settles one claim: induction, cases, contradiction, models, exporters."""
