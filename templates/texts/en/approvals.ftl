# Two people: proposing and approving.
approval-reason-missing = Write down why.
approval-reason-too-long = Keep the reason under 1000 characters.
approval-no-role = For this decision you need another role.
approval-factor-not-fresh = First confirm again that it is you, with your second step.
approval-own-proposal = You cannot approve your own proposal. Somebody else does that.
approval-outdated = Something has changed since this proposal. Look at it again and propose it anew.
approval-expired = This proposal is more than a day old. Propose it again.
approval-nothing-proposed = There is no proposal to approve.
approval-already-proposed = This has been proposed already. Somebody else can approve it now.
