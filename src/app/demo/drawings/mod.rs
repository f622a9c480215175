//! The pictures of the demo's projects: drawn by the program when the demo is loaded, and kept the way a picture that somebody sends is
//! kept. No photographs, and nobody who could be recognised.

mod canvas;
mod indoors;
mod outdoors;

use std::collections::HashMap;

use self::canvas::{PAPER, Sheet};
use crate::app::demo::content::{self, Content};
use crate::features::projects::{self, Project, actions};
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::infra::pictures::{self, Picture};
use crate::infra::{Services, files};

/// Draws on an empty sheet.
type Scene = fn(&mut Sheet);

/// What is drawn for which project.
const SCENES: [(&str, Scene); 12] = [
    ("leerwerkcentrum-oud-mathenesse-witte-dorp", indoors::eating_house),
    ("dam-nederland", outdoors::bus),
    ("voedsel-van-de-tuin-naar-de-keuken", outdoors::garden),
    ("fietsenwerkplaats", outdoors::bicycles),
    ("leerwerkpark-m4h", outdoors::harbour_park),
    ("bakkerswerkplaats", indoors::bakery),
    ("pluskunst", indoors::studio_of_art),
    ("entree-opleiding", indoors::classroom),
    ("alle-13-goed", outdoors::fronts),
    ("rugdekking", outdoors::watch),
    ("procesversneller", indoors::coffee_bar),
    ("leer-werkhub-voor-jongeren", indoors::hub),
];

/// The projects that have a drawing.
pub fn slugs() -> impl Iterator<Item = &'static str> {
    SCENES.iter().map(|(slug, _)| *slug)
}

/// Draws all scenes and gives each project its own.
///
/// # Errors
/// The database, the folder of files, or a slip in the content.
pub async fn load(services: &Services, tx: &mut Tx, projects: &HashMap<String, Project>) -> Result<()> {
    let content = content::read()?;
    for (slug, draw) in SCENES {
        let project = projects.get(slug).ok_or_else(|| Error::broken(format!("no project {slug} to draw")))?;
        give(services, tx, &content, project, in_the_background(draw).await?).await?;
    }
    Ok(())
}

/// The same where it is not done yet, one drawing after the other while the site is up.
///
/// # Errors
/// As [`load`]; what was drawn before stays.
pub async fn load_missing(services: &Services) -> Result<()> {
    let content = content::read()?;
    for (slug, draw) in SCENES {
        let project = actions::by_slug(&mut *services.db.read().await?, slug).await?;
        let Some(project) = project.filter(|project| project.picture_id.is_none()) else { continue };
        let picture = in_the_background(draw).await?;
        let mut tx = services.db.begin().await?;
        give(services, &mut tx, &content, &project, picture).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn in_the_background(draw: Scene) -> Result<Picture> {
    tokio::task::spawn_blocking(move || drawn(draw)).await.map_err(Error::broken)?
}

async fn give(s: &Services, tx: &mut Tx, content: &Content, project: &Project, picture: Picture) -> Result<()> {
    let words = content.projects.iter().find(|one| one.slug == project.slug).and_then(|one| one.picture.clone());
    let words = words.ok_or_else(|| Error::broken(format!("no words for the picture of {}", project.slug)))?;
    let file_id = files::keep(s, tx, &project.id, &picture).await?;
    let picture = projects::Picture { file_id: Some(file_id), alt_nl: words.nl, alt_en: words.en };
    actions::put_picture(tx, project, &picture).await
}

fn drawn(draw: Scene) -> Result<Picture> {
    let mut sheet = Sheet::new(PAPER)?;
    draw(&mut sheet);
    pictures::drawn(sheet.into_picture()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scene_fills_its_sheet_and_weighs_little() {
        for (slug, draw) in SCENES {
            let picture = drawn(draw).unwrap();
            assert_eq!((picture.width, picture.height), (960, 540), "{slug}");
            assert!(picture.jpeg.len() < 90_000, "{slug}: {} bytes", picture.jpeg.len());
            assert!(picture.card.len() < 30_000, "{slug}: {} bytes on a card", picture.card.len());
            let mut sheet = Sheet::new(PAPER).unwrap();
            draw(&mut sheet);
            let pixels = sheet.into_picture().unwrap();
            let tones: std::collections::BTreeSet<[u8; 3]> = pixels.pixels().step_by(97).map(|pixel| pixel.0).collect();
            assert!(tones.len() > 8, "{slug} has {} tones", tones.len());
        }
    }
}
