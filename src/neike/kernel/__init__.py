"""What every module shares, one small package each."""
