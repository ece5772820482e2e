"""What codes say by keys, rather than in a string that somebody has put together."""

from pressrun.layers.code.contents.base import Content
from pressrun.layers.code.contents.contact import VCard
from pressrun.layers.code.contents.event import Event
from pressrun.layers.code.contents.links import Url, Wifi
from pressrun.layers.code.contents.payment import Payment

__all__ = ["Content", "Event", "Payment", "Url", "VCard", "Wifi"]
