"""Scripts for those who work on Neike; never imported by the product."""
