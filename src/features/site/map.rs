//! The list of projects as a map: the drawing of Rotterdam with a numbered mark for each project that lies on it. The list beside it says
//! the same in words, with the numbers.

use std::collections::HashMap;

use crate::features::plans::{actions as plans, map, web::named_dots};
use crate::features::projects::{Listing, Term};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::Ctx;

/// So many projects at most get a mark: more could not be told apart.
const MOST: usize = 60;
/// Marks closer than this to each other would lie on top of each other; in units of the drawing.
const APART: i64 = 30;

/// A project on the map.
pub struct Mark {
    pub number: usize,
    pub x: i64,
    pub y: i64,
    pub url: String,
    pub title: String,
}

/// The map with what lies on it.
pub struct Map {
    pub dots: Vec<(map::Dot, String)>,
    pub marks: Vec<Mark>,
    /// Projects that lie beside the drawing, or whose place nobody gave: address and title.
    pub beside: Vec<(String, String)>,
}

/// Where these projects are: at the point of the plan, or else in the middle of their area.
pub async fn read(ctx: &Ctx, conn: &mut Conn, listings: &[Listing], terms: &[Term]) -> Result<Map> {
    let points: HashMap<String, (String, String)> =
        plans::points(conn).await?.into_iter().map(|(id, latitude, longitude)| (id, (latitude, longitude))).collect();
    let mut map = Map { dots: named_dots(ctx, terms), marks: Vec::new(), beside: Vec::new() };
    for listing in listings {
        let (url, title) = (ctx.path(&format!("/projects/{}", listing.slug)), listing.title(ctx.lang).to_owned());
        let point = points.get(&listing.id).map(|(latitude, longitude)| (latitude.as_str(), longitude.as_str()));
        let point = point.or_else(|| map::middle_of(listing.area.as_deref()?));
        let dot = point.and_then(|(latitude, longitude)| map::dot(latitude, longitude));
        match dot.filter(|_| map.marks.len() < MOST).map(|dot| free_place(&map, dot.x, dot.y)) {
            Some((x, y)) => map.marks.push(Mark { number: map.marks.len() + 1, x, y, url, title }),
            None => map.beside.push((url, title)),
        }
    }
    Ok(map)
}

/// Whether a mark there would lie on an area's dot or name. A letter is ten units wide at most.
fn covers_name((dot, name): &(map::Dot, String), x: i64, y: i64) -> bool {
    let length = i64::try_from(name.chars().count()).unwrap_or(i64::MAX).saturating_mul(10);
    let across = (dot.x.min(dot.name_x()) - APART / 2)..(dot.name_x() + length + APART / 2);
    let down = (dot.y.min(dot.name_y() - 5) - APART * 5 / 6)..(dot.y.max(dot.name_y() - 5) + APART * 5 / 6);
    across.contains(&x) && down.contains(&y)
}

/// The nearest place to the wanted one at which no other mark and no name stands, going round it in growing squares.
fn free_place(map: &Map, x: i64, y: i64) -> (i64, i64) {
    let is_free = |x: i64, y: i64| {
        map.marks.iter().all(|mark| (mark.x - x).abs().max((mark.y - y).abs()) >= APART)
            && !map.dots.iter().any(|dot| covers_name(dot, x, y))
    };
    let is_inside =
        |x: i64, y: i64| (APART..map::WIDTH - APART).contains(&x) && (APART..map::HEIGHT - APART).contains(&y);
    let (x, y) = (x.clamp(APART, map::WIDTH - APART - 1), y.clamp(APART, map::HEIGHT - APART - 1));
    for ring in 0..20_i64 {
        let steps = (-ring..=ring).flat_map(|across| (-ring..=ring).map(move |down| (across, down)));
        let on_ring = steps.filter(|(across, down)| across.abs().max(down.abs()) == ring);
        let mut places = on_ring.map(|(across, down)| (x + across * APART, y + down * APART));
        if let Some(place) = places.find(|(x, y)| is_inside(*x, *y) && is_free(*x, *y)) {
            return place;
        }
    }
    (x, y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_at_one_place_stand_side_by_side_and_leave_the_names_to_be_read() {
        let dots: Vec<_> = map::areas().into_iter().map(|dot| (dot, "Oud Mathenesse".to_owned())).collect();
        let mut map = Map { dots, marks: Vec::new(), beside: Vec::new() };
        for number in 1..=MOST {
            let (x, y) = free_place(&map, 5, 200);
            assert!((0..=map::WIDTH).contains(&x) && (0..=map::HEIGHT).contains(&y), "{x} {y}");
            assert!(map.marks.iter().all(|mark| (mark.x - x).abs() >= APART || (mark.y - y).abs() >= APART));
            assert!(!map.dots.iter().any(|dot| covers_name(dot, x, y)), "{x} {y}");
            map.marks.push(Mark { number, x, y, url: String::new(), title: String::new() });
        }
        assert_eq!((map.marks[0].x, map.marks[0].y), (APART, 200));
        for (dot, name) in &map.dots {
            assert!(covers_name(&(dot.clone(), name.clone()), dot.name_x() + 20, dot.name_y()));
        }
    }
}
