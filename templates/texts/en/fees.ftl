# The fee of the platform.
fee-label = Fee for Drempel
fee-of-each = Of every 100 euros that are paid out to a project, { $fee } goes to Drempel. You pay nothing extra. Money that goes back to you goes back whole.
fee-for-maker = Of every 100 euros that are paid out, { $fee } goes to Drempel. The amounts below include that fee.
fee-paper = Of every 100 euros that are paid out to the project, { $fee } goes to the foundation. What is refunded is refunded whole.
fee-beside = and { $fee } fee for Drempel
fee-books = Of payouts, went to Drempel
fee-field = What percentage of what projects get goes to Drempel?
fee-field-hint = Taken from each payout, never from what backers get back. From 0 to 20, for example 2.5. With 0 there is no fee.
fee-field-wrong = Enter a percentage from 0 to 20, with at most two decimals
