"""Settings, addresses and the `neike` command: what joins the modules into one product."""
