//! Every column of the schema has its place: in the table of what is kept of people and how long, or among those that lead to nobody.

use std::collections::{BTreeMap, BTreeSet};

use drempel::features::privacy::retention::KINDS;

use crate::support::App;

/// Columns that say nothing of a person: ids, words of the program, moments, amounts, texts of the platform and of organisations.
#[rustfmt::skip]
const NO_PERSON: &[(&str, &str)] = &[
    ("account_events", "id"),
    ("address_changes", "id attempts state"),
    ("audit_chain", "seq entry_id previous_hash hash"),
    ("audit_unsealed", "entry_id"),
    ("balance_transactions", "id type category amount_cents fee_cents net_cents currency source_id intent_id our_id created_at available_at state matched_kind matched_id posting_key fee_key posted_at"),
    ("bank_lines", "id statement_id key direction amount_cents open_cents is_reversal is_return booked_on booked_at bank_reference end_to_end_id reference state pledge_id created_at"),
    ("bank_statements", "id key file_hash file_name message_id statement_id number iban opened_on opening_cents closed_on closing_cents lines begun_at finished_at"),
    ("bank_uploads", "id file_name uploaded_at rows_total rows_done heads_done statements known_statements lines known_lines matched waiting finished_at"),
    ("budget_lines", "project_id position label_nl label_en minimum_cents full_cents"),
    ("bulk_lines", "id run_id position subject_id state refusal"),
    ("bulk_runs", "id kind state made_at started_at ended_at"),
    ("card_shield", "id up_until reason"),
    ("cases", "id kind subject_id amount_cents state debit credit posting_cents pledge_id opened_at closed_at waits_for"),
    ("checked_figures", "wave_id indicator level value checked_on"),
    ("claims", "refund_id pledge_id changes reminders"),
    ("co_funding", "project_id position name amount_cents state"),
    ("coalition_partners", "coalition_id organisation_id position state asked"),
    ("coalition_steps", "coalition_id position text_nl text_en organisation_id"),
    ("coalitions", "id slug title kind description_nl description_en founder_id version"),
    ("connected_accounts", "organisation_id state generation created_at checked_at"),
    ("credit_blocks", "table_id position code name_nl name_en unit credit_cents percent for_rikx"),
    ("credit_statements", "id kind year seq number code pledge_id replaces_id kept_cents issued_at sha256 forgotten_at"),
    ("credit_tables", "id region name_nl name_en valid_from source example state created_at"),
    ("disputes", "id payment_id pledge_id project_id amount_cents fee_cents held_cents reason state opened_at taken_at returned_at settled_at changed_at"),
    ("document_numbers", "kind year last"),
    ("documents", "id kind year seq number pledge_id cause_id corrects_id amount_cents issued_at sha256 forgotten_at"),
    ("erasures", "id"),
    ("evidence", "id project_id wave_id indicator kind visibility state bytes keep_until added_at decided_at frozen_at deleted_at"),
    ("facts", "name value"),
    ("files", "id project_id width height bytes created_at"),
    ("follows", "id"),
    ("fraud_warnings", "id payment_id pledge_id kind refunded warned_at noted_at"),
    ("indicators", "code scheme name_nl name_en unit_nl unit_en additive counts_people shape family direction licence_nl licence_en sdg part_of retired_at"),
    ("invitations", "id organisation_id state"),
    ("jobs", "id kind subject due_at lease_until lease_token generation attempts last_error created_at"),
    ("ledger_balances", "account slot amount_cents"),
    ("ledger_chain", "seq transaction_id previous_hash hash"),
    ("ledger_entries", "transaction_id position account amount_cents pledge_id"),
    ("ledger_transactions", "id kind idem_key occurred_at recorded_at cause_id reverses_id"),
    ("ledger_unsealed", "transaction_id"),
    ("letters", "id bulk due_at lease_until lease_token attempts"),
    ("mail_choice_texts", "hash language words"),
    ("mail_choices", "id"),
    ("match_fund_projects", "fund_id project_id"),
    ("match_funds", "id round_id giver_id name_nl name_en ratio_percent most_per_pledge_cents most_per_project_percent least_backers starting_percent state received_cents used_cents given_back_cents created_at activated_at ended_at"),
    ("match_give_backs", "id fund_id amount_cents state created_at finished_at"),
    ("matches", "id fund_id pledge_id project_id pledge_cents amount_cents returned_cents state created_at ended_at"),
    ("memberships", "organisation_id"),
    ("near_miss_pledges", "pledge_id project_id amount_cents asked_at reminded_at joined_at"),
    ("near_misses", "project_id round_id settlement_id state percent threshold_cents held_cents pledges backers owner_until said_at choose_until decision_id"),
    ("locations", "id project_id"),
    ("observation_cells", "wave_id indicator cell_row cell_col location_id count"),
    ("observations", "wave_id indicator count n fixed"),
    ("organisation_accounts", "id organisation_id state entered_at usable_at verified_at"),
    ("organisations", "id slug kind area created_at anbi state was_confirmed version pso pso_until"),
    ("passkey_questions", "purpose expires_at"),
    ("passkeys", "id"),
    ("payable_totals", "project_id organisation_id payable_cents given_cents"),
    ("payment_blocks", "cause_id"),
    ("payments", "id pledge_id method amount_cents state generation session_id intent_id checkout_url fee_cents created_at expires_at succeeded_at moved_from open_after"),
    ("payout_parts", "plan_id position label_nl label_en amount_cents waits_for day reported_at update_number decision_id"),
    ("payout_plans", "id project_id state amount_cents written_at fixed_at"),
    ("periodic_tasks", "name off_at due_at lease_until lease_token failures ran_at took_millis outcome result"),
    ("plan_comments", "id project_id version field written_at state answered_at"),
    ("plan_versions", "id project_id number submitted_at"),
    ("planning_steps", "project_id position text_nl text_en"),
    ("plans", "project_id minimum_cents full_cents latitude longitude"),
    ("pledge_totals", "project_id cap_cents reserved_cents processing_cents held_cents matched_cents"),
    ("pledges", "id reference project_id round_id kind amount_cents rikx_hundredths state updates language request_key created_at expires_at held_at returned_cents raises_id"),
    ("project_extensions", "project_id until_at"),
    ("project_partners", "project_id organisation_id position share_percent agreed agreed_at asked"),
    ("project_terms", "project_id kind code"),
    ("projects", "id slug number organisation_id coalition_id round_id state title_nl title_en aim_nl aim_en target_group_nl target_group_en participants_target impact_hundredths threshold_hundredths start_day months picture_id example search_text created_at updated_at hidden"),
    ("promises", "id project_id position indicator baseline target due_day share_percent floor_percent cap_percent"),
    ("staff_views", "id"),
    ("tracked", "project_id indicator"),
    ("verification_messages", "id verification_id kind at"),
    ("verifications", "id project_id wave_id indicator state level declared verified deadline_day handed_in_at decided_at"),
    ("proposals", "id kind subject_id hash state proposed_at expires_at decided_at"),
    ("provider_events", "id type object_id payment_id occurred_at received_at processed_at outcome"),
    ("published_figures", "project_id wave_id indicator cell_row cell_col state value level checked_on year newest newest_of_year"),
    ("provider_payouts", "id amount_cents state failure created_at arrives_at trace_id line_id"),
    ("provider_returns", "id subject_id intent_id amount_cents state generation provider_id failure taken created_at finished_at"),
    ("purchase_regions", "pledge_id region said_at"),
    ("rate_slots", "name next_at_micros"),
    ("reconciliations", "id way day matched matched_cents differing differing_cents started_at finished_at"),
    ("refunds", "id pledge_id payment_id project_id cause amount_cents state generation provider_id failure due_at lease_until lease_token attempts last_error created_at finished_at pending_reason taken by_bank"),
    ("request_counts", "name"),
    ("risks", "project_id position risk_nl risk_en measure_nl measure_en"),
    ("round_extensions", "round_id old_closes_at closes_at approved_at"),
    ("round_reminders", "round_id kind closes_at queued_at"),
    ("rounds", "id number title_nl title_en state unit_price_eur minimum_cents rule_nl rule_en submissions_at valuation_at selling_at closes_at settled_at near_miss_percent fee_basis_points remainder_rule remainder_fund_id late_days"),
    ("settlement_lines", "settlement_id pledge_id project_id effect amount_cents start_cents result_cents done_at fault"),
    ("settlement_matches", "settlement_id match_id pledge_id project_id effect amount_cents start_cents result_cents"),
    ("settlement_projects", "settlement_id project_id decision threshold_cents held_cents start_cents result_cents refund_cents pledges backers matched_cents match_start_cents match_result_cents match_return_cents"),
    ("settlements", "id round_id state hash proposed_at expires_at approved_at finished_at"),
    ("share_refusals", "project_id organisation_id asked kind refused_at"),
    ("sign_in_asks", "id"),
    ("sign_in_requests", "id purpose"),
    ("state_changes", "id subject subject_id from_state to_state action"),
    ("statement_numbers", "year last"),
    ("team_functions", "project_id position name_nl name_en"),
    ("termination_lines", "termination_id pledge_id start_cents result_cents done_at"),
    ("termination_matches", "termination_id match_id start_cents result_cents done_at"),
    ("releases", "id project_id kind state hash result_cents amount_cents rule fund_id back_cents match_cents stays_cents proposed_at decided_at finished_at choose_until"),
    ("release_promises", "release_id promise_id share_percent part_cents target verified level reached_points why due_cents before_cents amount_cents"),
    ("release_choices", "pledge_id release_id project_id moved_id"),
    ("release_lines", "release_id pledge_id amount_cents done_at"),
    ("release_matches", "release_id match_id amount_cents done_at"),
    ("terminations", "id project_id hash start_cents result_cents approved_at finished_at match_start_cents match_result_cents"),
    ("terms", "kind code name_nl name_en"),
    ("tranches", "id decision_id project_id organisation_id owed_to kind amount_cents state way provider_id generation waits_for created_at sent_at finished_at fee_cents"),
    ("transfer_batches", "id state transfers amount_cents execution_day proposed_at approved_at downloaded_at sent_at finished_at"),
    ("transfers", "id purpose subject_id amount_cents state batch_id created_at finished_at project_id organisation_id line_id return_line_id return_reason fee_cents"),
    ("update_answers", "update_id coalition_id question_nl question_en"),
    ("updates", "id project_id number state picture_id created_at publish_at published_at audience"),
    ("users", "id"),
    ("valuation_answers", "result_id project_id state given_at decided_at"),
    ("valuation_criteria", "round_id position name_nl name_en guidance_nl guidance_en weight_percent scale_least scale_most"),
    ("valuation_results", "id project_id round_id state verdict impact_hundredths threshold_hundredths asked_impact_hundredths asked_threshold_hundredths recorded_at decided_at"),
    ("valuation_reviews", "id project_id round_id state assigned_at handed_in_at"),
    ("valuation_scores", "review_id position"),
    ("waves", "id project_id kind measured_on created_at note_review note_decided_at"),
    ("verified_projects", "project_id settled_at"),
    ("withdrawals", "project_id withdrawn_at finished_at"),
];

const OF_SQLITE: &str = "SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '%sqlx%'";
const OF_POSTGRES: &str = "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name NOT LIKE '%sqlx%'";

type Columns = BTreeMap<String, BTreeSet<String>>;

fn columns<'a>(lists: impl Iterator<Item = &'a (&'a str, &'a str)>) -> Columns {
    let mut all = Columns::new();
    for (table, names) in lists {
        all.entry((*table).to_owned()).or_default().extend(names.split(' ').map(str::to_owned));
    }
    all
}

#[tokio::test]
async fn every_column_has_a_place() {
    let app = App::start().await;
    let is_postgres = std::env::var("TEST_DATABASE").as_deref() == Ok("postgres");
    let statement = if is_postgres { OF_POSTGRES } else { OF_SQLITE };
    let mut conn = app.s.db.read().await.expect("a connection");
    let schema: Vec<(String, String)> = sqlx::query_as(statement).fetch_all(&mut *conn).await.expect("the schema");
    assert!(schema.len() > 500, "the search finds the columns: {}", schema.len());
    let of_people = columns(KINDS.iter().flat_map(|kind| kind.columns));
    let of_nobody = columns(NO_PERSON.iter());
    let has =
        |places: &Columns, table: &str, column: &str| places.get(table).is_some_and(|names| names.contains(column));
    let mut wrong = Vec::new();
    for (table, column) in &schema {
        match (has(&of_people, table, column), has(&of_nobody, table, column)) {
            (false, false) => wrong.push(format!("{table}.{column} has no place")),
            (true, true) => wrong.push(format!("{table}.{column} stands in both")),
            _ => {}
        }
    }
    for (table, names) in of_people.iter().chain(&of_nobody) {
        for name in names {
            if !schema.contains(&(table.clone(), name.clone())) {
                wrong.push(format!("{table}.{name} is no column"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
