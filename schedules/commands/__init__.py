"""The click commands of `onrecord schedule`."""
