"""Who is told of changes, and how: webhooks, mail, a command, and with the extra `notify` whatever Apprise reaches."""

from archive.notify.channels import deliver
from archive.notify.message import Message, message
from archive.notify.operator import tell_operator
from archive.notify.sending import Sent, send_due
from archive.notify.settings import Alerts, Channel, alerts_of

__all__ = ["Alerts", "Channel", "Message", "Sent", "alerts_of", "deliver", "message", "send_due", "tell_operator"]
