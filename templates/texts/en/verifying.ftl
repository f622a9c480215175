### Checking results: why something is not possible.

verifying-no-role = Only experts and reviewers check results.
verifying-related = You are a member of an organisation of this project. Somebody else checks it.
verifying-own-verdict = You checked this figure yourself. Somebody else decides on the objection.
verifying-not-measured = This figure was not measured and cannot be checked.
verifying-handed-in = This figure was handed in already.
verifying-wrong-state = That is not possible now: something has changed meanwhile. See how it stands.
verifying-too-late = You can object until 14 days after the check.
verifying-value-wrong = Fill in the number that you found.
verifying-checker-missing = Fill in which organisation checked it, at most 120 characters.
verifying-message-missing = Fill in a text of at most 2,000 characters.
verifying-deadline-wrong = Choose a day that lies ahead.
