//! The sandbox's memory on disk: one line of JSON per change, appended and never rewritten.
//!
//! A line holds all records of one request, so a process killed in the middle of a write loses the whole request and never a half.
//! A thread of its own writes whatever is waiting in one go; a request is answered after its line has been handed to the
//! operating system, which survives `kill -9`. (Power loss is not a concern of a test bank, so nothing is synced.)

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};

use tokio::sync::oneshot;

use super::state::{Record, State};

/// One request's records, and whom to tell when they are written.
type Line = (Vec<Record>, oneshot::Sender<()>);

/// The writing end of the journal.
pub(super) struct Journal {
    lines: Sender<Line>,
}

/// Resolves once a line has been written; an error means that it was not.
pub(super) type Written = oneshot::Receiver<()>;

impl Journal {
    /// Reads what is there into `state` and opens the file for appending. A torn last line is cut off.
    pub(super) fn open(path: &Path, state: &mut State) -> io::Result<Journal> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        let sound_bytes = replay(&mut file, state)?;
        file.set_len(sound_bytes)?;
        file.seek(SeekFrom::End(0))?;
        let (lines, waiting) = channel();
        std::thread::Builder::new().name("sandbox-journal".to_owned()).spawn(move || write_lines(file, &waiting))?;
        Ok(Journal { lines })
    }

    /// Queues one line. Called under the state's lock, so lines keep the order of the changes.
    pub(super) fn append(&self, records: Vec<Record>) -> Written {
        let (tell, written) = oneshot::channel();
        if self.lines.send((records, tell)).is_err() {
            tracing::error!("the sandbox's journal is closed");
        }
        written
    }
}

/// Applies every whole line and returns how many bytes they take.
fn replay(file: &mut File, state: &mut State) -> io::Result<u64> {
    let mut reader = BufReader::new(file);
    let mut sound_bytes = 0;
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let length = reader.read_until(b'\n', &mut line)?;
        if length == 0 || line.last() != Some(&b'\n') {
            break;
        }
        let records: Vec<Record> = serde_json::from_slice(&line).map_err(|error| {
            io::Error::new(io::ErrorKind::InvalidData, format!("line {number} of the sandbox's journal: {error}"))
        })?;
        for record in records {
            state.apply(record);
        }
        sound_bytes += length as u64;
    }
    Ok(sound_bytes)
}

fn write_lines(mut file: File, waiting: &Receiver<Line>) {
    while let Ok(first) = waiting.recv() {
        let batch: Vec<Line> = std::iter::once(first).chain(waiting.try_iter()).collect();
        let mut bytes = Vec::new();
        for (records, _) in batch.iter().filter(|(records, _)| !records.is_empty()) {
            serde_json::to_writer(&mut bytes, records).expect("rows have string keys and no floats");
            bytes.push(b'\n');
        }
        if let Err(error) = file.write_all(&bytes) {
            // Dropping the batch makes every waiting request fail; going on could leave a torn line in the middle.
            tracing::error!(%error, "the sandbox cannot write its journal");
            return;
        }
        for (_, tell) in batch {
            // Nobody waits for a line written by the delivery loop.
            let _ = tell.send(());
        }
    }
}
