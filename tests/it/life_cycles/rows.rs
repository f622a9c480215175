//! One row of each kind, by hand: with all that its table wants of any state.

use crate::support::App;

const ROWS: &[&str] = &[
    "INSERT INTO credit_tables (id, region, name_nl, name_en, valid_from, source, example, state, created_at)
     VALUES ('crt_1', 'stad', 'Stad', 'Town', '2026-01-01', 'x', 0, 'draft', '2026-01-01T00:00:00.000Z')",
    "INSERT INTO invitations (id, organisation_id, email, role, state, token_hash, invited_by, created_at, expires_at)
     VALUES ('inv_1', 'org_1', 'bert@example.org', 'editor', 'open', 'hash', 'usr_owner', '2026-01-01T00:00:00.000Z',
         '2026-01-15T00:00:00.000Z')",
    "INSERT INTO address_changes (id, user_id, session_id, old_email, new_email, code_hash, attempts, state, undo_hash, asked_at,
         changed_at)
     VALUES ('adc_1', 'usr_owner', 'ses_1', 'a@example.org', 'b@example.org', '', 0, 'asked', '', '2026-01-01T00:00:00.000Z',
         '2026-01-02T00:00:00.000Z')",
    "INSERT INTO coalitions (id, slug, title, kind, description_nl, description_en)
     VALUES ('coa_1', 'keten', 'Keten', 'chain', 'Samen', 'Together')",
    "INSERT INTO coalition_partners (coalition_id, organisation_id, position) VALUES ('coa_1', 'org_1', 1)",
    "INSERT INTO plan_comments (id, project_id, version, field, text, author_id, written_at, state, answer)
     VALUES ('rem_1', 'prj_1', 1, 'title', 'Kort', 'usr_r', '2026-01-01T00:00:00.000Z', 'written', '')",
    "INSERT INTO valuation_reviews (id, project_id, round_id, expert_id, state, conflict_reason, assigned_by, assigned_at,
         handed_in_at)
     VALUES ('rev_1', 'prj_1', 'rnd_1', 'usr_t1', 'assigned', 'familie', 'usr_r', '2026-01-01T00:00:00.000Z',
         '2026-01-02T00:00:00.000Z')",
    "INSERT INTO valuation_results (id, project_id, round_id, state, verdict, impact_hundredths, threshold_hundredths,
         asked_impact_hundredths, asked_threshold_hundredths, reason_nl, reason_en, recorded_by, recorded_at, decided_by,
         decided_at)
     VALUES ('res_1', 'prj_1', 'rnd_1', 'proposed', 'listed', 1000, 500, 1000, 500, 'Goed', 'Good', 'usr_r',
         '2026-01-01T00:00:00.000Z', 'usr_t1', '2026-01-02T00:00:00.000Z')",
    "INSERT INTO valuation_answers (result_id, project_id, state, body, given_by, given_at, reason_nl, reason_en, decided_by,
         decided_at)
     VALUES ('res_1', 'prj_1', 'given', 'Toch', 'usr_owner', '2026-01-03T00:00:00.000Z', '', '', 'usr_r',
         '2026-01-04T00:00:00.000Z')",
    "INSERT INTO refunds (id, pledge_id, payment_id, project_id, cause, amount_cents, state, generation, failure, due_at,
         lease_until, lease_token, attempts, last_error, created_at)
     SELECT 'ref_1', pledge_id, id, 'prj_1', 'cancelled', 5000, 'due', 1, '', '2026-01-01T00:00:00.000Z', '', '', 0, '',
         '2026-01-01T00:00:00.000Z' FROM payments",
    "INSERT INTO provider_returns (id, subject_id, intent_id, amount_cents, state, generation, failure, taken, created_at)
     VALUES ('ret_1', 'txn_1', 'pi_1', 700, 'due', 1, '', 0, '2026-01-01T00:00:00.000Z')",
    "INSERT INTO disputes (id, payment_id, pledge_id, project_id, amount_cents, fee_cents, held_cents, reason, state, opened_at,
         changed_at)
     SELECT 'dp_1', id, pledge_id, 'prj_1', 5000, 0, 0, 'fraudulent', 'warning', '2026-01-01T00:00:00.000Z',
         '2026-01-01T00:00:00.000Z' FROM payments",
    "INSERT INTO bank_statements (id, key, file_hash, file_name, message_id, statement_id, number, iban, opened_on,
         opening_cents, closed_on, closing_cents, lines, imported_by, begun_at)
     VALUES ('bst_1', 'key', 'hash', 'a.xml', 'm', 's', '1', 'NL91ABNA0417164300', '2026-01-01', 0, '2026-01-01', 700, 1, 'test',
         '2026-01-01T00:00:00.000Z')",
    "INSERT INTO bank_lines (id, statement_id, key, direction, amount_cents, open_cents, is_reversal, is_return, booked_on,
         bank_reference, end_to_end_id, name, iban, reference, remittance, state, created_at)
     VALUES ('bln_1', 'bst_1', 'key', 'in', 700, 0, 0, 0, '2026-01-01', '', '', '', '', '', '', 'matched',
         '2026-01-01T00:00:00.000Z')",
    "INSERT INTO cases (id, kind, subject_id, amount_cents, detail, state, debit, credit, posting_cents, opened_at, closed_at,
         closed_by, reason)
     VALUES ('cas_1', 'stuck', 'x', 0, '', 'open', '', '', 0, '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z', 'test', '')",
    "INSERT INTO bulk_runs (id, kind, state, made_by, made_at, reason)
     VALUES ('blk_1', 'close_cases', 'prepared', 'usr_t1', '2026-01-01T00:00:00.000Z', '')",
    "INSERT INTO bulk_lines (id, run_id, position, subject_id, state, refusal)
     VALUES ('bll_1', 'blk_1', 1, 'cas_1', 'waiting', '')",
    "INSERT INTO proposals (id, kind, subject_id, content, hash, reason, state, proposed_by, proposed_at, expires_at, decided_by,
         decided_at)
     VALUES ('prp_1', 'test', 'x', '', '', 'r', 'proposed', 'usr_t1', '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z',
         'usr_t2', '2026-01-01T12:00:00.000Z')",
    "INSERT INTO settlements (id, round_id, state, hash, reason, proposed_by, proposed_at, expires_at, approved_by, approved_at)
     VALUES ('set_1', 'rnd_1', 'proposed', '', 'r', 'usr_t1', '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z', 'usr_t2',
         '2026-01-01T12:00:00.000Z')",
    "INSERT INTO near_misses (project_id, round_id, settlement_id, state, percent, threshold_cents, held_cents, pledges, backers,
         owner_until, words_nl, words_en, said_by, said_at, choose_until, decision_id)
     VALUES ('prj_1', 'rnd_1', 'set_1', 'asked', 80, 1000, 900, 1, 1, '2026-01-04T00:00:00.000Z', 'Minder', '', 'usr_owner',
         '2026-01-02T00:00:00.000Z', '2026-01-09T00:00:00.000Z', 'set_1')",
    "INSERT INTO match_funds (id, round_id, giver_id, name_nl, name_en, ratio_percent, most_per_pledge_cents,
         most_per_project_percent, least_backers, starting_percent, state, received_cents, used_cents, given_back_cents,
         created_by, created_at, activated_at)
     VALUES ('mfd_1', 'rnd_1', 'org_1', 'Fonds', 'Fund', 100, 100000, 50, 0, 0, 'draft', 100000, 5000, 100, 'usr_t1',
         '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z')",
    "INSERT INTO matches (id, fund_id, pledge_id, project_id, pledge_cents, amount_cents, returned_cents, state, created_at)
     SELECT 'mat_1', 'mfd_1', id, 'prj_1', 5000, 5000, 0, 'reserved', '2026-01-01T00:00:00.000Z' FROM pledges",
    "INSERT INTO match_give_backs (id, fund_id, amount_cents, state, created_at)
     VALUES ('mgb_1', 'mfd_1', 100, 'planned', '2026-01-01T00:00:00.000Z')",
    "INSERT INTO payout_plans (id, project_id, state, amount_cents, written_by, written_at)
     VALUES ('pln_1', 'prj_1', 'drafted', 1000, 'usr_owner', '2026-01-01T00:00:00.000Z')",
    "INSERT INTO payable_totals (project_id, organisation_id, payable_cents, given_cents) VALUES ('prj_1', 'org_1', 1000, 100)",
    "INSERT INTO tranches (id, decision_id, project_id, organisation_id, owed_to, kind, amount_cents, reason, state, way,
         generation, waits_for, planned_by, created_at)
     VALUES ('tra_1', 'dec_1', 'prj_1', 'org_1', 'org_1', 'start', 100, 'r', 'planned', '', 1, '', 'usr_t1',
         '2026-01-01T00:00:00.000Z')",
    "INSERT INTO releases (id, project_id, kind, state, hash, reason, result_cents, amount_cents, rule, back_cents, match_cents,
         stays_cents, proposed_by, proposed_at, decided_by, decided_at)
     VALUES ('rel_1', 'prj_1', 'interim', 'proposed', '', 'r', 1000, 500, 'refund', 0, 0, 0, 'usr_t1', '2026-01-01T00:00:00.000Z',
         'usr_t2', '2026-01-01T12:00:00.000Z')",
    "INSERT INTO organisation_accounts (id, organisation_id, iban, holder, state, entered_by, entered_at, usable_at)
     VALUES ('oac_1', 'org_1', 'NL91ABNA0417164300', 'Kookclub', 'entered', 'usr_owner', '2026-01-01T00:00:00.000Z',
         '2026-01-01T00:00:00.000Z')",
    "INSERT INTO connected_accounts (organisation_id, provider_id, state, generation, created_at)
     VALUES ('org_1', 'acct_1', 'asked', 1, '2026-01-01T00:00:00.000Z')",
    "INSERT INTO transfer_batches (id, state, transfers, amount_cents, execution_day, proposed_by, proposed_at, approved_by,
         approved_at)
     VALUES ('bat_1', 'proposed', 1, 100, '', 'usr_t1', '2026-01-01T00:00:00.000Z', 'usr_t2', '2026-01-01T12:00:00.000Z')",
    "INSERT INTO transfers (id, purpose, subject_id, iban, name, amount_cents, remittance, state, created_at)
     VALUES ('trf_1', 'tranche', 'tra_1', 'NL91ABNA0417164300', 'Kookclub', 100, '', 'planned', '2026-01-01T00:00:00.000Z')",
    "INSERT INTO indicators (code, scheme, name_nl, name_en, unit_nl, unit_en, additive)
     VALUES ('people', 'OWN', 'Mensen', 'People', 'mensen', 'people', 1)",
    "INSERT INTO waves (id, project_id, kind, measured_on, note_nl, note_en, author_id, created_at)
     VALUES ('wav_1', 'prj_1', 'end', '2026-01-01', '', '', 'usr_owner', '2026-01-01T00:00:00.000Z')",
    "INSERT INTO verifications (id, project_id, wave_id, indicator, state, level, declared, verified, checker, reason, deadline_day,
         handed_in_by, handed_in_at, decided_by, decided_at)
     VALUES ('ver_1', 'prj_1', 'wav_1', 'people', 'open', 'staff_checked', 12, 12, '', '', '', 'usr_owner',
         '2026-01-01T00:00:00.000Z', 'usr_r', '2026-01-02T00:00:00.000Z')",
    "INSERT INTO updates (id, project_id, number, state, title_nl, title_en, body_nl, body_en, picture_alt, author_id, created_at)
     VALUES ('upd_1', 'prj_1', 1, 'draft', 'Begin', '', 'Wij beginnen', '', '', 'usr_owner', '2026-01-01T00:00:00.000Z')",
    "INSERT INTO evidence (id, project_id, wave_id, indicator, kind, title, visibility, state, sha256, bytes, keep_until, added_by,
         added_at, reason)
     VALUES ('evi_1', 'prj_1', 'wav_1', '', 'pdf', 'Lijst', 'staff', 'waiting', '', 1, '2034-12-31', 'usr_owner',
         '2026-01-01T00:00:00.000Z', '')",
    "INSERT INTO letters (id, kind, cause_id, user_id, language, state, bulk, due_at, lease_until, lease_token, attempts,
         last_error, secret, created_at)
     VALUES ('let_1', 'test', 'x', 'usr_owner', 'nl', 'queued', 0, '2026-01-01T00:00:00.000Z', '', '', 0, '', '',
         '2026-01-01T00:00:00.000Z')",
];

/// The seed has an organisation, a round and a project; a gift makes a pledge and a payment; the rest is written here.
pub async fn one_of_each(app: &App) {
    app.gift(5_000, "Anna").await;
    for row in ROWS {
        if let Err(error) = app.sql(row).await {
            panic!("{row}: {error}");
        }
    }
}
