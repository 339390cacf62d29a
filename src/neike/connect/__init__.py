"""Ways in and out: logs of other desks today; mail, chat and directories later."""
