"""How the product writes dates where Django would choose its own way."""
