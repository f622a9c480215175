//! The navigation of the team: subjects in one row, the pages of the present subject in a second. What somebody may not open is not there.

use crate::features::users::StaffRole;
use crate::infra::history::origin;
use crate::infra::web::Ctx;

/// A page of a subject: path below `/staff`, key of its name, and who sees it (empty: the whole team). What lies below the path belongs to it.
type Page = (&'static str, &'static str, Option<StaffRole>);

/// Subjects with their pages; a subject's first page is where its link leads.
const SUBJECTS: &[(&str, &[Page])] = &[
    (
        "staff-nav-home",
        &[("", "staff-nav-home", None), ("/approvals", "staff-nav-approvals", None), ("/bulk", "bulk-title", None)],
    ),
    (
        "staff-nav-group-projects",
        &[
            ("/projects", "staff-projects", None),
            ("/rounds", "staff-nav-rounds", None),
            ("/valuation", "valuation-title", None),
            ("/organisations", "staff-nav-organisations", None),
        ],
    ),
    (
        "staff-nav-group-results",
        &[
            ("/verifications", "verifying-title", None),
            ("/moderation", "moderation-title", None),
            ("/results", "results-title", None),
            ("/indicators", "indicators-title", None),
            ("/social-return", "sr-staff-title", None),
        ],
    ),
    (
        "staff-nav-group-in",
        &[
            ("/pledges", "staff-nav-pledges", None),
            ("/payments", "staff-nav-payments", None),
            ("/disputes", "staff-nav-disputes", None),
            ("/match-funds", "match-title", None),
        ],
    ),
    (
        "staff-nav-group-out",
        &[
            ("/refunds", "staff-nav-refunds", None),
            ("/claims", "staff-nav-claims", None),
            ("/payouts", "payouts-title", None),
            ("/tranches", "payouts-tranches", None),
            ("/transfers", "transfers-title", None),
        ],
    ),
    (
        "staff-nav-group-books",
        &[
            ("/cases", "staff-nav-cases", None),
            ("/bank", "staff-nav-bank", None),
            ("/reconciliation", "staff-nav-reconciliation", None),
            ("/books", "staff-nav-books", None),
        ],
    ),
    (
        "staff-nav-group-platform",
        &[
            ("/jobs", "staff-nav-jobs", None),
            ("/mailings", "mailings-title", None),
            ("/users", "people-title", Some(StaffRole::Admin)),
            ("/audit", "audit-title", Some(StaffRole::Admin)),
            ("/privacy", "staff-privacy-nav", None),
        ],
    ),
];

/// Pages without a link of their own, and the one they belong to.
const BELONGS: &[(&str, &str)] = &[("/extensions", "/rounds"), ("/shield", "/payments"), ("/evidence", "/moderation")];

/// A link of the navigation. `current` is the value of `aria-current`: `page`, `true` for what lies below, or empty.
#[derive(Debug)]
pub struct Link {
    pub text: String,
    pub url: String,
    pub current: &'static str,
}

/// The subjects, and the pages of the present one.
pub fn of(ctx: &Ctx) -> (Vec<Link>, Vec<Link>) {
    let path = ctx.rest.split('?').next().unwrap_or_default().strip_prefix("/staff").unwrap_or_default();
    let belongs = BELONGS.iter().find(|(below, _)| lies_below(path, below)).map(|(_, page)| *page);
    let place = |page: &Page| match belongs {
        Some(owner) if owner == page.0 => "true",
        Some(_) => "",
        None if page.0 == path => "page",
        None if !page.0.is_empty() && lies_below(path, page.0) => "true",
        None => "",
    };
    let (mut subjects, mut pages) = (Vec::new(), Vec::new());
    for (name, all) in SUBJECTS {
        let seen: Vec<&Page> =
            all.iter().filter(|(_, _, role)| role.is_none_or(|role| origin::has_role(role.as_str()))).collect();
        let links: Vec<Link> = seen
            .iter()
            .map(|page| Link { text: ctx.t(page.1), url: ctx.path(&format!("/staff{}", page.0)), current: place(page) })
            .collect();
        let is_here = links.iter().any(|link| !link.current.is_empty());
        if let Some(first) = links.first() {
            subjects.push(Link {
                text: ctx.t(name),
                url: first.url.clone(),
                current: if is_here { "true" } else { "" },
            });
        }
        if is_here {
            pages = links;
        }
    }
    (subjects, pages)
}

fn lies_below(path: &str, page: &str) -> bool {
    path.strip_prefix(page).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
