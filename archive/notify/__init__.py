"""Who is told of changes, and how: webhooks, mail, a command, and with the extra `notify` whatever Apprise reaches."""

from archive.alerts import Alerts, Channel
from archive.notify.channels import deliver
from archive.notify.following import tell_after_crawl
from archive.notify.message import Message, message
from archive.notify.operator import tell_operator
from archive.notify.sending import Sent, send_due

__all__ = ["Alerts", "Channel", "Message", "Sent", "deliver", "message", "send_due", "tell_after_crawl", "tell_operator"]
