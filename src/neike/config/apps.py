"""App configuration: makes the product's own commands known."""

from django.apps import AppConfig


class ProductConfig(AppConfig):
    name = "neike.config"
    label = "config"
