"""The product's settings with the app of the chaos tests."""

from neike.config import settings as product

globals().update({name: value for name, value in vars(product).items() if name.isupper()})

INSTALLED_APPS = [*product.INSTALLED_APPS, "tests.kernel.chaos.apps.ChaosConfig"]
