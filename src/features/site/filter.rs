//! What a visitor asks of the list of projects, read from the address. Nothing in an address can be wrong: what is not known
//! matches nothing, and what is not understood is left out.

use crate::features::projects::{Filter, Listing, MOST_WORDS, ProjectState};
use crate::features::rounds::Round;
use crate::features::site::numbers::Standing;
use crate::values::text::one_line;
use crate::values::{Cents, Lang, Timestamp};
use std::collections::HashMap;

crate::words! {
    pub enum Sort {
        /// What can be pledged now and ends first comes first.
        Closing = "closing",
        Supported = "supported",
        Newest = "newest",
        Title = "title",
    }
}

/// The most projects on a page of the API.
const MOST_PER_PAGE: usize = 100;
/// The longest value that is looked at, in characters.
const LONGEST: usize = 100;

/// The filters of the list, as typed.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub q: String,
    pub sector: String,
    pub method: String,
    pub theme: String,
    pub tag: String,
    pub area: String,
    pub status: String,
    pub round: String,
    pub sort: Sort,
    /// From 1.
    pub page: usize,
    pub per_page: usize,
}

impl Wanted {
    /// Reads the query of an address; the first of each name counts.
    pub fn parse(query: Option<&str>, per_page: usize) -> Wanted {
        let mut values: HashMap<String, String> = HashMap::new();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()).take(50) {
            let value: String = value.chars().take(LONGEST).collect();
            values.entry(name.into_owned()).or_insert_with(|| one_line(&value, LONGEST).unwrap_or_default());
        }
        let mut take = |name: &str| values.remove(name).unwrap_or_default();
        Wanted {
            q: take("q"),
            sector: take("sector"),
            method: take("method"),
            theme: take("theme"),
            tag: take("tag"),
            area: take("area"),
            status: take("status"),
            round: take("round"),
            sort: Sort::from_word(&take("sort")).unwrap_or(Sort::Closing),
            page: take("page").parse().unwrap_or(1).max(1),
            per_page: take("per_page").parse().unwrap_or(per_page).clamp(1, MOST_PER_PAGE),
        }
    }

    /// The filter for the projects; nothing when a round or status is asked for that does not exist.
    pub fn filter(&self, rounds: &[Round]) -> Option<Filter> {
        let round_id = match self.round.as_str() {
            "" => String::new(),
            number => rounds.iter().find(|round| round.number.to_string() == number)?.id.clone(),
        };
        if !self.status.is_empty() {
            ProjectState::from_word(&self.status).filter(|state| state.is_public())?;
        }
        Some(Filter {
            words: self.q.split_whitespace().take(MOST_WORDS).map(str::to_owned).collect(),
            sector: self.sector.clone(),
            method: self.method.clone(),
            theme: self.theme.clone(),
            tag: self.tag.clone(),
            area: self.area.clone(),
            state: self.status.clone(),
            round_id,
            ..Filter::default()
        })
    }

    /// Whether anything but the search words narrows the list.
    pub fn is_narrowed(&self) -> bool {
        [&self.sector, &self.method, &self.theme, &self.tag, &self.area, &self.status, &self.round]
            .iter()
            .any(|value| !value.is_empty())
    }

    /// What was chosen: the words searched for, then each filter, as (name, value). What was not chosen is not among it.
    pub fn chosen(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("q", &self.q),
            ("status", &self.status),
            ("area", &self.area),
            ("sector", &self.sector),
            ("theme", &self.theme),
            ("method", &self.method),
            ("tag", &self.tag),
            ("round", &self.round),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.as_str())).collect()
    }

    /// The same without one of what was chosen, on the first page.
    pub fn without(&self, name: &str) -> Wanted {
        let mut less = Wanted { page: 1, ..self.clone() };
        match name {
            "q" => less.q.clear(),
            "status" => less.status.clear(),
            "area" => less.area.clear(),
            "sector" => less.sector.clear(),
            "theme" => less.theme.clear(),
            "method" => less.method.clear(),
            "tag" => less.tag.clear(),
            "round" => less.round.clear(),
            _ => {}
        }
        less
    }

    /// The query of the address of another page of the same list, without what is empty or usual.
    pub fn query(&self, page: usize) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("q", &self.q),
            ("sector", &self.sector),
            ("method", &self.method),
            ("theme", &self.theme),
            ("tag", &self.tag),
            ("area", &self.area),
            ("status", &self.status),
            ("round", &self.round),
        ] {
            if !value.is_empty() {
                out.append_pair(name, value);
            }
        }
        if self.sort != Sort::Closing {
            out.append_pair("sort", self.sort.as_str());
        }
        if page > 1 {
            out.append_pair("page", &page.to_string());
        }
        out.finish()
    }
}

/// Puts the projects in the wanted order.
pub fn sort(
    listings: &mut [Listing],
    by: Sort,
    rounds: &[Round],
    standings: &HashMap<String, Standing>,
    lang: Lang,
    now: Timestamp,
) {
    let round = |listing: &Listing| rounds.iter().find(|round| round.id == listing.round_id);
    match by {
        Sort::Closing => listings.sort_by_key(|listing| closing_key(listing, round(listing), now)),
        Sort::Supported => listings.sort_by_key(|listing| {
            let held = standings.get(&listing.id).map_or(Cents::ZERO, |standing| standing.held);
            (std::cmp::Reverse(held), listing.number)
        }),
        Sort::Newest => listings.sort_by_key(|listing| {
            std::cmp::Reverse((round(listing).map_or(0, |round| round.number), listing.id.clone()))
        }),
        Sort::Title => listings.sort_by_key(|listing| listing.title(lang).to_lowercase()),
    }
}

/// On sale first, by the end of its round; then the rest, the latest round first.
fn closing_key(listing: &Listing, round: Option<&Round>, now: Timestamp) -> (i64, i64, i64) {
    match round {
        Some(round) if listing.state == ProjectState::Listed && round.sells_at(now) => {
            (0, round.closes_at.millis(), listing.number)
        }
        Some(round) => (1, -round.closes_at.millis(), listing.number),
        None => (2, 0, listing.number),
    }
}

/// The part of a list that stands on a page, and the page, which is never behind the last one.
pub fn page_of<T>(items: &[T], page: usize, per_page: usize) -> (&[T], usize, usize) {
    let pages = items.len().div_ceil(per_page).max(1);
    let page = page.clamp(1, pages);
    let start = (page - 1) * per_page;
    (&items[start..items.len().min(start + per_page)], page, pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_written_back() {
        let wanted = Wanted::parse(Some("q=Brood++bakken&sector=bakery&sort=title&page=2&x=1&sector=other"), 12);
        assert_eq!(wanted.q, "Brood bakken");
        assert_eq!(wanted.sector, "bakery");
        assert_eq!((wanted.sort, wanted.page, wanted.per_page), (Sort::Title, 2, 12));
        assert_eq!(wanted.query(3), "q=Brood+bakken&sector=bakery&sort=title&page=3");
        assert!(wanted.is_narrowed());
    }

    #[test]
    fn each_choice_is_taken_away_by_itself() {
        let wanted = Wanted::parse(Some("q=brood&sector=bakery&round=1&sort=title&page=2"), 12);
        assert_eq!(wanted.chosen(), [("q", "brood"), ("sector", "bakery"), ("round", "1")]);
        assert_eq!(wanted.without("q").query(1), "sector=bakery&round=1&sort=title");
        assert_eq!(wanted.without("sector").query(1), "q=brood&round=1&sort=title");
        for name in ["q", "status", "area", "sector", "theme", "method", "tag", "round"] {
            let one = Wanted::parse(Some(&format!("{name}=x")), 12);
            assert_eq!((one.chosen().len(), one.without(name).chosen().len()), (1, 0), "{name}");
        }
    }

    #[test]
    fn nothing_in_an_address_is_an_error() {
        for query in
            ["page=-1", "page=x", "sort=%00", "per_page=100000", "q=%ff%fe", "=&=&&", "page=99999999999999999999"]
        {
            let wanted = Wanted::parse(Some(query), 12);
            assert!(wanted.page >= 1 && wanted.per_page <= 100, "{query}");
        }
        assert!(Wanted::parse(Some("round=77"), 12).filter(&[]).is_none());
        assert!(Wanted::parse(Some("status=draft"), 12).filter(&[]).is_none());
        assert!(Wanted::parse(Some("sector=unknown"), 12).filter(&[]).is_some());
    }

    #[test]
    fn a_page_behind_the_last_shows_the_last() {
        let items: Vec<usize> = (0..25).collect();
        assert_eq!(page_of(&items, 3, 12), (&items[24..], 3, 3));
        assert_eq!(page_of(&items, 99, 12), (&items[24..], 3, 3));
        assert_eq!(page_of::<usize>(&[], 5, 12), (&[] as &[usize], 1, 1));
    }
}
