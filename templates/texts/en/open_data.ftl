open-data-no-foundation = This installation names no foundation, so there are no grants to publish.
open-data-nothing-awarded = Nothing has been awarded in this round yet.
open-data-package-title = Grants of { $foundation }: { $round }
open-data-package-description = Every project that had enough support in this round. Money above the threshold is paid for verified results only. What is not earned goes back to the backers.
open-data-commitment-start = Start money: the money up to the threshold
open-data-commitment-result = Result money: money above the threshold, for verified results only
open-data-payout-start = Payout of start money
open-data-payout-result = Payout for verified results
