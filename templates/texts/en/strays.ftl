### Payments at the provider that belong to no pledge: they go to a pledge or back to the payer.

stray-propose = Place the payment
stray-propose-intro = Give the payment to a pledge that waits for exactly this amount, or pay it back. Another treasurer approves it.
stray-propose-button = Propose this
stray-decision = What should happen?
stray-pledge = Reference of the pledge
stray-pledge-hint = Only when the payment belongs to a pledge. The reference begins with DR.
stray-proposal = This proposal waits for a second person
stray-effect = What happens then
stray-approve = Approve and carry out
case-waits-provider = The money goes back to its payer. The case closes when it is there.
case-waits-bank = The money goes back to its sender by transfer. The case closes when the bank's statement shows it.
case-on-its-way = The money of this case is on its way. Wait until it has arrived or comes back.
flash-stray-proposed = The proposal is made. Another treasurer can approve it.
flash-stray-approved = It is approved and carried out.
approval-kind-provider-give = Giving a payment to a pledge
approval-kind-provider-return = Paying a payment back to its payer
stray-nothing-there = There is nothing left to decide about this payment.
stray-only-return = This payment belongs to a pledge but has another amount. It can only go back to its payer.
stray-no-such-pledge = There is no pledge with this reference.
stray-by-transfer = This pledge is paid by bank transfer. A payment through the provider does not fit it.
stray-already-paid = This pledge is paid already, or the bank is still working on it.
stray-other-amount = The amount is not that of this pledge. Such a payment can only go back to its payer.
stray-too-late = This pledge can no longer count. The payment can only go back to its payer.
stray-no-room = There is no room left for this pledge at this project. The payment can only go back to its payer.
stray-undecided = Choose what should happen with the payment.
