"""Everybody may ask whether the product works; the answer is one word."""

from neike.kernel.policies import PUBLIC, declare

ASK = declare("health.ask", PUBLIC)
