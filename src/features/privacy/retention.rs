//! The one table of personal data: what is kept of people and where, why, how long, and what happens then. The tidying
//! ([`actions`](crate::features::privacy::actions)), the page about privacy, the record of processing and the team's page all read it. A
//! test holds every column of the schema against it.
//!
//! Texts: `retention-{code}` says what it is, `retention-{code}-from` from when its time counts.

use crate::features::receipts::year_of;
use crate::values::Timestamp;

crate::words! {
    /// Why personal data may be kept (GDPR, article 6, paragraph 1).
    pub enum Ground {
        /// (a) The person said yes.
        Consent = "consent",
        /// (b) It is needed for what was agreed with the person.
        Contract = "contract",
        /// (c) A law asks for it.
        Law = "law",
        /// (f) A good reason that weighs more than the person's interest.
        Interest = "interest",
    }
}

crate::words! {
    /// What happens when the time is over.
    pub enum Then {
        Deleted = "deleted",
        /// The row stays without anything that leads to a person.
        Anonymous = "anonymous",
    }
}

crate::words! {
    /// For what it is kept: a line of the record of processing (GDPR, article 30).
    pub enum Activity {
        Accounts = "accounts",
        Giving = "giving",
        Books = "books",
        Mail = "mail",
        Makers = "makers",
        Decisions = "decisions",
        Security = "security",
    }
}

/// How long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    Days(i64),
    /// Whole calendar years after the year it belongs to: the tax office may ask for it (article 52 of the general act on state taxes, AWR).
    TaxYears(i64),
    /// As long as there is the account.
    Account,
    /// As long as there is the project or the organisation it is about.
    Work,
}

/// A kind of data about people.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    pub code: &'static str,
    pub activity: Activity,
    pub ground: Ground,
    pub keep: Keep,
    pub then: Then,
    /// Tables with their columns, names divided by blanks. Empty: not in the database.
    pub columns: &'static [(&'static str, &'static str)],
}

impl Kind {
    /// What is from before this moment has had its time; nothing when it does not run by the clock.
    pub fn before(&self, now: Timestamp) -> Option<Timestamp> {
        match self.keep {
            Keep::Days(days) => Some(now.plus_days(-days)),
            Keep::TaxYears(years) => Timestamp::start_of_day(&format!("{:04}-01-01", year_of(now) - years)),
            Keep::Account | Keep::Work => None,
        }
    }
}

const fn kind(
    code: &'static str,
    (activity, ground): (Activity, Ground),
    (keep, then): (Keep, Then),
    columns: &'static [(&'static str, &'static str)],
) -> Kind {
    Kind { code, activity, ground, keep, then, columns }
}

/// What a pledge says of its backer.
const OF_A_PLEDGE: &[(&str, &str)] = &[(
    "pledges",
    "name company_name kvk_number contract_reference address postcode city po_number vat_id request_hash user_id anonymous",
)];

/// All of it, in the order in which it is tidied.
pub const KINDS: &[Kind] = &[
    kind(
        "sign-ins",
        (Activity::Security, Ground::Contract),
        (Keep::Days(1), Then::Deleted),
        &[
            ("sessions", "id token_hash user_id created_at seen_at expires_at fresh_until device factor"),
            ("sign_in_requests", "email code_hash link_hash browser_hash attempts created_at expires_at used_at"),
            ("passkey_questions", "session_id question"),
            ("kept_forms", "session_id address fields kept_at"),
            ("sign_in_asks", "network at"),
        ],
    ),
    kind(
        "counts",
        (Activity::Security, Ground::Interest),
        (Keep::Days(1), Then::Deleted),
        &[("request_counts", "subject count ends_at")],
    ),
    kind(
        "browsers",
        (Activity::Security, Ground::Interest),
        (Keep::Days(365), Then::Deleted),
        &[("known_devices", "user_id device_hash seen_at")],
    ),
    kind(
        "events",
        (Activity::Security, Ground::Interest),
        (Keep::Days(730), Then::Deleted),
        &[("account_events", "user_id kind detail at")],
    ),
    kind(
        "addresses",
        (Activity::Security, Ground::Interest),
        (Keep::Days(90), Then::Deleted),
        &[("address_changes", "user_id session_id old_email new_email code_hash undo_hash asked_at changed_at")],
    ),
    kind(
        "letters",
        (Activity::Mail, Ground::Contract),
        (Keep::Days(730), Then::Deleted),
        &[
            ("letters", "user_id kind cause_id language state address secret last_error created_at sent_at"),
            ("digest_items", "user_id gathered_for created_at"),
        ],
    ),
    kind(
        "refund-letters",
        (Activity::Books, Ground::Law),
        (Keep::Work, Then::Anonymous),
        &[("letters", "user_id kind cause_id state sent_at")],
    ),
    kind(
        "choices",
        (Activity::Mail, Ground::Consent),
        (Keep::Days(730), Then::Deleted),
        &[("mail_choices", "user_id project_id choice from_wish to_wish way text_hash at act")],
    ),
    kind(
        "follows",
        (Activity::Mail, Ground::Consent),
        (Keep::Days(365), Then::Deleted),
        &[("follows", "user_id project_id created_at confirmed_at ended_at remind remind_asked rhythm")],
    ),
    kind(
        "invitations",
        (Activity::Makers, Ground::Interest),
        (Keep::Days(90), Then::Deleted),
        &[("invitations", "email role token_hash invited_by created_at expires_at decided_at")],
    ),
    kind("unpaid", (Activity::Giving, Ground::Contract), (Keep::Days(90), Then::Anonymous), OF_A_PLEDGE),
    kind("paid", (Activity::Giving, Ground::Law), (Keep::TaxYears(7), Then::Anonymous), OF_A_PLEDGE),
    kind(
        "refund-accounts",
        (Activity::Books, Ground::Law),
        (Keep::TaxYears(7), Then::Anonymous),
        &[("claims", "iban holder given_at asked_at")],
    ),
    kind(
        "transfers",
        (Activity::Books, Ground::Law),
        (Keep::TaxYears(7), Then::Anonymous),
        &[("transfers", "iban name remittance")],
    ),
    kind(
        "bank-lines",
        (Activity::Books, Ground::Law),
        (Keep::TaxYears(7), Then::Anonymous),
        &[("bank_lines", "name iban remittance")],
    ),
    kind(
        "maker-accounts",
        (Activity::Books, Ground::Law),
        (Keep::TaxYears(7), Then::Anonymous),
        &[("organisation_accounts", "iban holder entered_by")],
    ),
    kind(
        "papers",
        (Activity::Books, Ground::Law),
        (Keep::TaxYears(7), Then::Anonymous),
        &[("documents", "facts user_id")],
    ),
    kind(
        "evidence",
        (Activity::Books, Ground::Law),
        (Keep::TaxYears(7), Then::Anonymous),
        &[("evidence", "title reason")],
    ),
    kind(
        "statements",
        (Activity::Books, Ground::Law),
        (Keep::TaxYears(7), Then::Anonymous),
        &[("credit_statements", "facts")],
    ),
    kind(
        "barred",
        (Activity::Giving, Ground::Interest),
        (Keep::Days(1_095), Then::Deleted),
        &[("payment_blocks", "user_id method created_at")],
    ),
    kind(
        "proposals",
        (Activity::Decisions, Ground::Law),
        (Keep::TaxYears(7), Then::Anonymous),
        &[("proposals", "content reason proposed_by decided_by")],
    ),
    kind(
        "cases",
        (Activity::Decisions, Ground::Law),
        (Keep::TaxYears(7), Then::Anonymous),
        &[("cases", "detail reason closed_by assigned_to")],
    ),
    kind(
        "history",
        (Activity::Decisions, Ground::Law),
        // append-only: the database refuses to change it
        (Keep::Work, Then::Anonymous),
        &[("state_changes", "actor reason at role factor network device request")],
    ),
    kind(
        "erasures",
        (Activity::Accounts, Ground::Law),
        (Keep::Days(365), Then::Deleted),
        &[("erasures", "user_id language undo_hash asked_at due_at undone_at done_at")],
    ),
    kind(
        "typed",
        (Activity::Accounts, Ground::Interest),
        (Keep::Days(30), Then::Anonymous),
        &[("users", "email created_at signed_in_at")],
    ),
    kind(
        "unused",
        (Activity::Accounts, Ground::Contract),
        (Keep::Days(730), Then::Anonymous),
        &[("users", "email name language signed_in_at")],
    ),
    kind(
        "account",
        (Activity::Accounts, Ground::Contract),
        (Keep::Account, Then::Anonymous),
        &[("users", "email name language created_at in_organisation signed_in_at erased_at")],
    ),
    kind(
        "factors",
        (Activity::Security, Ground::Contract),
        (Keep::Account, Then::Deleted),
        &[
            ("passkeys", "user_id name credential_id credential uses created_at used_at"),
            ("authenticators", "user_id secret confirmed_at last_step wrong_codes wrong_at"),
        ],
    ),
    kind(
        "places",
        (Activity::Makers, Ground::Contract),
        (Keep::Account, Then::Deleted),
        &[
            ("memberships", "user_id role created_at"),
            ("staff_roles", "user_id role granted_at"),
            ("staff_views", "user_id list name query created_at"),
        ],
    ),
    kind(
        "rhythm",
        (Activity::Mail, Ground::Consent),
        (Keep::Account, Then::Deleted),
        &[("mail_rhythms", "user_id rhythm changed_at")],
    ),
    kind(
        "near-miss",
        (Activity::Giving, Ground::Contract),
        (Keep::Work, Then::Anonymous),
        &[("near_miss_pledges", "choice chosen_at"), ("release_choices", "choice chosen_at")],
    ),
    kind(
        "organisations",
        (Activity::Makers, Ground::Contract),
        (Keep::Work, Then::Deleted),
        &[
            ("organisations", "name description_nl description_en kvk_number rsin legal_form question"),
            ("projects", "contact"),
            ("connected_accounts", "provider_id"),
        ],
    ),
    kind(
        "told",
        (Activity::Makers, Ground::Interest),
        (Keep::Work, Then::Anonymous),
        &[
            ("updates", "title_nl title_en body_nl body_en author_id picture_alt"),
            ("projects", "text_nl text_en picture_alt_nl picture_alt_en"),
            ("files", "sha256"),
            ("waves", "note_nl note_en author_id note_reason note_decided_by"),
            ("locations", "name"),
            ("evidence", "sha256 added_by decided_by"),
            ("near_misses", "words_nl words_en said_by"),
            ("payout_parts", "report reported_by"),
            ("withdrawals", "reason withdrawn_by"),
            ("share_refusals", "reason refused_by"),
            ("project_partners", "agreed_by"),
        ],
    ),
    kind(
        "judged",
        (Activity::Decisions, Ground::Interest),
        (Keep::Work, Then::Anonymous),
        &[
            ("plan_versions", "content submitted_by"),
            ("plan_comments", "text answer author_id answered_by"),
            ("verifications", "checker reason handed_in_by decided_by"),
            ("verification_messages", "body author_id"),
            ("valuation_reviews", "expert_id conflict_reason assigned_by"),
            ("valuation_scores", "score reason"),
            ("valuation_results", "reason_nl reason_en recorded_by decided_by"),
            ("valuation_answers", "body given_by reason_nl reason_en decided_by"),
            ("bulk_runs", "made_by reason target"),
        ],
    ),
    kind(
        "decided",
        (Activity::Decisions, Ground::Law),
        (Keep::Work, Then::Anonymous),
        &[
            ("settlements", "reason proposed_by approved_by"),
            ("terminations", "reason proposed_by approved_by"),
            ("releases", "reason proposed_by decided_by told_to"),
            ("round_extensions", "reason reason_en proposed_by approved_by"),
            ("tranches", "reason planned_by"),
            ("transfer_batches", "proposed_by approved_by sent_by"),
            ("payout_plans", "written_by"),
            ("match_funds", "created_by"),
            ("bank_statements", "imported_by"),
            ("bank_uploads", "uploaded_by"),
            ("reconciliations", "started_by"),
            ("ledger_transactions", "actor"),
        ],
    ),
    kind("logs", (Activity::Security, Ground::Interest), (Keep::Days(30), Then::Deleted), &[]),
];

/// The kind with this code.
pub fn find(code: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infra::texts::exists;
    use crate::values::Lang;

    #[test]
    fn every_kind_has_its_words_and_codes_are_different() {
        let codes: std::collections::BTreeSet<_> = KINDS.iter().map(|kind| kind.code).collect();
        assert_eq!(codes.len(), KINDS.len());
        for code in codes {
            for key in [format!("retention-{code}"), format!("retention-{code}-from")] {
                assert!(Lang::ALL.iter().all(|lang| exists(*lang, &key)), "{key}");
            }
        }
    }

    #[test]
    fn tax_years_end_with_the_year_in_amsterdam() {
        let before = |now: &str| find("papers").unwrap().before(now.parse().unwrap()).unwrap().to_string();
        assert_eq!(before("2034-12-31T22:59:59.999Z"), "2026-12-31T23:00:00.000Z");
        assert_eq!(before("2034-12-31T23:00:00.000Z"), "2027-12-31T23:00:00.000Z");
    }
}
