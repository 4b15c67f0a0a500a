"""What people do by hand without changing a set-up row: told to whoever keeps an audit trail."""

from django.dispatch import Signal

REPLAYED = "replayed"
SENT_AGAIN = "sent_again"
TEST_SENT = "test_sent"

# Sent with `act`, one of the above, and `row`, the delivery, message or recipient it was done to.
done_by_hand = Signal()
