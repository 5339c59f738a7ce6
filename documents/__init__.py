"""Files in, spreadsheets in and out, official papers out, and the verification of an issued paper."""
