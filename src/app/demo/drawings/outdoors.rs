//! Scenes outside and in halls: where is driven, grown, repaired, built and watched over.

use crate::app::demo::drawings::canvas::*;

/// A small bus for passengers on the road, the town behind it.
pub fn bus(s: &mut Sheet) {
    s.block(0, 0, 320, 120, SKY);
    s.disc(270, 34, 18, SUN);
    for (x, y, width, tone) in [
        (0, 66, 40, WATER),
        (36, 46, 30, TEAL),
        (70, 72, 44, WATER),
        (196, 60, 34, WATER),
        (236, 76, 50, TEAL),
        (284, 54, 36, WATER),
    ] {
        s.block(x, y, width, 120 - y, tone);
    }
    s.block(0, 112, 320, 14, LIME);
    s.block(0, 126, 320, 54, STEEL);
    for x in [10, 80, 150, 220, 290] {
        s.block(x, 164, 36, 4, PAPER);
    }
    s.tree(30, 126, 26);
    s.tree(296, 126, 22);
    s.soft((70, 58), (186, 82), 14, SUN);
    s.block(70, 108, 186, 10, DEEP);
    for x in [82, 120, 158] {
        s.soft((x, 70), (32, 28), 5, DEEP);
        s.shape(&[(x + 6, 94), (x + 16, 74), (x + 22, 74), (x + 12, 94)], WATER);
    }
    s.soft((196, 66), (26, 70), 4, PAPER);
    s.soft((200, 72), (18, 30), 3, DEEP);
    s.shape(&[(228, 70), (246, 70), (254, 98), (228, 98)], DEEP);
    s.soft((248, 118), (10, 8), 3, PAPER);
    for x in [106, 228] {
        s.disc(x, 142, 17, INK);
        s.disc(x, 142, 8, MIST);
    }
}

/// Beds with vegetables, a pot at the end of the path.
pub fn garden(s: &mut Sheet) {
    s.block(0, 0, 320, 76, SKY);
    s.disc(48, 34, 16, SUN);
    s.shape(&[(0, 76), (60, 56), (130, 72), (210, 50), (320, 74), (320, 90), (0, 90)], LIME);
    s.block(0, 80, 320, 100, LEAF);
    s.block(206, 30, 84, 56, WHITE);
    s.shape(&[(198, 32), (248, 8), (298, 32)], BRICK);
    s.block(238, 52, 20, 34, TEAL);
    s.window(214, 46, 16, 16, SUN);
    s.window(266, 46, 16, 16, SUN);
    for y in [98, 126, 154] {
        s.shape(&[(14, y), (200, y), (212, y + 18), (4, y + 18)], BARK);
    }
    for x in [26, 54, 82, 110, 138, 166, 194] {
        s.disc(x, 98, 9, MOSS);
        s.disc(x - 2, 95, 6, LIME);
        s.line(&[(x, 126), (x - 7, 112)], 3, LIME);
        s.line(&[(x, 126), (x, 109)], 3, LIME);
        s.line(&[(x, 126), (x + 7, 112)], 3, LIME);
        s.shape(&[(x - 5, 124), (x + 5, 124), (x, 138)], AMBER);
        s.disc(x, 156, 8, BRICK);
        s.line(&[(x, 150), (x + 3, 144)], 2, MOSS);
    }
    s.shape(&[(228, 90), (266, 90), (310, 180), (236, 180)], SAND);
    s.soft((240, 118), (56, 40), 8, DEEP);
    s.block(234, 126, 68, 6, DEEP);
    s.disc(254, 116, 8, BRICK);
    s.disc(270, 114, 9, LIME);
    s.disc(284, 117, 7, AMBER);
}

/// A bicycle in a stand, tools on the wall.
pub fn bicycles(s: &mut Sheet) {
    s.block(0, 0, 320, 142, SAND);
    s.block(0, 142, 320, 38, STEEL);
    s.block(18, 18, 284, 46, WOOD);
    for (x, tone) in [(40, STEEL), (64, MIST), (88, STEEL)] {
        s.line(&[(x, 30), (x, 52)], 4, tone);
        s.ring(x, 28, 5, 3, tone);
    }
    s.line(&[(120, 28), (120, 54)], 4, BARK);
    s.block(110, 24, 20, 8, INK);
    s.ring(160, 40, 15, 4, INK);
    s.ring(198, 40, 12, 4, BRICK);
    s.line(&[(228, 28), (246, 52)], 3, MIST);
    s.line(&[(246, 28), (228, 52)], 3, BRICK);
    s.soft((266, 28), (22, 26), 3, SUN);
    for x in [104, 216] {
        s.ring(x, 120, 34, 5, INK);
        s.ring(x, 120, 30, 1, MIST);
        for (dx, dy) in [(30, 0), (21, 21), (0, 30), (-21, 21)] {
            s.line(&[(x - dx, 120 - dy), (x + dx, 120 + dy)], 1, STEEL);
        }
        s.disc(x, 120, 4, INK);
    }
    s.line(&[(104, 120), (134, 82), (196, 82), (156, 122), (104, 120)], 5, TEAL);
    s.line(&[(156, 122), (128, 72)], 5, TEAL);
    s.line(&[(216, 120), (192, 68), (206, 64)], 5, TEAL);
    s.line(&[(206, 64), (216, 68)], 5, INK);
    s.line(&[(116, 70), (140, 70)], 7, BARK);
    s.disc(156, 122, 9, SUN);
    s.line(&[(156, 122), (166, 136)], 3, INK);
    s.line(&[(160, 137), (174, 137)], 4, INK);
    s.line(&[(160, 112), (160, 176)], 4, BRICK);
    s.line(&[(136, 176), (184, 176)], 5, BRICK);
}

/// The harbour: cranes, containers that became work places, trees between them.
pub fn harbour_park(s: &mut Sheet) {
    s.block(0, 0, 320, 118, SKY);
    s.disc(44, 36, 16, SUN);
    s.block(0, 100, 320, 22, WATER);
    s.line(&[(212, 112), (212, 20)], 6, DEEP);
    s.line(&[(176, 34), (300, 20)], 5, DEEP);
    s.line(&[(212, 20), (284, 22)], 2, DEEP);
    s.line(&[(282, 24), (282, 62)], 2, INK);
    s.block(268, 62, 28, 16, BRICK);
    s.line(&[(96, 112), (96, 44), (40, 62)], 4, TEAL);
    s.block(0, 120, 320, 60, LIME);
    s.shape(&[(110, 180), (140, 132), (190, 132), (230, 180)], SAND);
    for (x, y, tone) in [(16, 96, BRICK), (16, 126, TEAL), (222, 122, AMBER)] {
        s.block(x, y, 84, 30, tone);
        for step in [10, 20, 64, 74] {
            s.line(&[(x + step, y + 4), (x + step, y + 26)], 1, DEEP);
        }
        s.block(x + 28, y + 6, 30, 16, PAPER);
        s.block(x + 42, y + 6, 2, 16, tone);
    }
    s.tree(134, 140, 24);
    s.tree(206, 146, 28);
    s.tree(308, 172, 26);
    s.block(150, 152, 44, 4, WOOD);
    s.block(154, 156, 4, 12, BARK);
    s.block(186, 156, 4, 12, BARK);
}

/// A row of fronts, a ladder, fresh paint.
pub fn fronts(s: &mut Sheet) {
    s.block(0, 0, 320, 180, SKY);
    s.block(0, 152, 320, 28, STEEL);
    for (x, top, wall, door) in
        [(0, 46, BRICK, SUN), (80, 28, PAPER, TEAL), (160, 46, ROSE, DEEP), (240, 28, SAND, MOSS)]
    {
        s.block(x, top, 80, 152 - top, wall);
        s.block(x, top - 6, 80, 8, DEEP);
        s.window(x + 12, top + 16, 20, 24, DEEP);
        s.window(x + 48, top + 16, 20, 24, DEEP);
        s.window(x + 12, top + 62, 20, 26, DEEP);
        s.block(x + 44, 104, 28, 48, WHITE);
        s.block(x + 47, 108, 22, 44, door);
        s.disc(x + 65, 130, 2, PAPER);
        s.block(x + 40, 150, 36, 6, MIST);
    }
    s.block(80, 28, 34, 60, SUN);
    s.window(92, 44, 20, 24, DEEP);
    s.line(&[(96, 164), (124, 30)], 3, WOOD);
    s.line(&[(112, 166), (138, 32)], 3, WOOD);
    for step in 0..9 {
        s.line(&[(99 + step * 3, 152 - step * 14), (113 + step * 3, 153 - step * 14)], 2, WOOD);
    }
    s.block(142, 144, 18, 20, MIST);
    s.block(142, 148, 18, 6, SUN);
    s.line(&[(142, 146), (151, 138), (160, 146)], 1, INK);
    s.line(&[(170, 160), (196, 160)], 3, BARK);
    s.block(196, 154, 20, 12, SUN);
}

/// An entrance that is watched over: a vest, a radio, a gate.
pub fn watch(s: &mut Sheet) {
    s.block(0, 0, 320, 144, DEEP);
    s.block(0, 144, 320, 36, STEEL);
    s.shape(&[(176, 144), (176, 50), (236, 26), (296, 50), (296, 144)], TEAL);
    s.soft((196, 60), (80, 90), 30, INK);
    s.soft((204, 68), (64, 80), 26, SUN);
    s.shape(&[(204, 144), (268, 144), (312, 180), (160, 180)], SUN);
    s.block(232, 68, 4, 76, INK);
    for x in [170, 302] {
        s.block(x - 3, 112, 6, 40, BRICK);
        s.disc(x, 110, 6, PAPER);
    }
    s.line(&[(176, 124), (296, 124)], 3, BRICK);
    s.block(20, 30, 118, 5, WOOD);
    for x in [40, 112] {
        s.line(&[(x, 35), (x, 42)], 3, MIST);
    }
    s.shape(&[(24, 48), (40, 42), (52, 58), (64, 42), (80, 48), (80, 122), (24, 122)], SUN);
    s.block(24, 78, 56, 8, MIST);
    s.block(24, 100, 56, 8, MIST);
    s.line(&[(52, 58), (52, 122)], 2, BARK);
    s.soft((98, 56), (28, 60), 5, INK);
    s.line(&[(104, 56), (104, 38)], 4, INK);
    s.block(103, 64, 18, 14, LIME);
    for y in [88, 95, 102] {
        s.line(&[(104, 104 - (102 - y)), (120, 104 - (102 - y))], 2, STEEL);
    }
    s.disc(116, 52, 4, BRICK);
}
