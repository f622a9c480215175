# Two people: proposing and approving.
approval-reason-missing = Write down why.
approval-reason-too-long = Keep the reason under 1000 characters.
approval-no-role = Only a treasurer may do this.
approval-factor-not-fresh = First confirm again that it is you, with your code.
approval-own-proposal = You cannot approve your own proposal. Another treasurer does that.
approval-outdated = Something has changed since this proposal. Look at it again and propose it anew.
approval-expired = This proposal is more than a day old. Propose it again.
approval-nothing-proposed = There is no proposal to approve.
approval-already-proposed = This has been proposed already. Another treasurer can approve it now.
