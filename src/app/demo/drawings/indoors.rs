//! Scenes inside: where is cooked, baked, poured, learned and made.

use crate::app::demo::drawings::canvas::*;

/// A table that is laid under three lamps, in an eating house.
pub fn eating_house(s: &mut Sheet) {
    s.block(0, 0, 320, 128, SAND);
    s.block(0, 92, 320, 40, ROSE);
    s.block(0, 132, 320, 48, WOOD);
    s.window(24, 26, 66, 52, SKY);
    s.window(230, 26, 66, 52, SKY);
    for (x, tone) in [(112, TEAL), (160, BRICK), (208, TEAL)] {
        s.lamp(x, 30, tone);
    }
    s.plant(302, 132);
    s.shape(&[(50, 118), (270, 118), (290, 136), (30, 136)], PAPER);
    s.block(30, 136, 260, 8, MIST);
    s.block(52, 144, 8, 36, BARK);
    s.block(260, 144, 8, 36, BARK);
    s.soft((132, 90), (56, 32), 8, DEEP);
    s.block(126, 98, 68, 5, DEEP);
    s.soft((130, 84), (60, 9), 4, STEEL);
    s.disc(160, 82, 4, DEEP);
    for x in [80, 104, 214, 240] {
        s.soft((x - 11, 121), (24, 6), 3, WHITE);
        s.soft((x - 7, 116), (16, 7), 3, AMBER);
    }
    for (x, bend) in [(148, 3), (160, -3), (172, 3)] {
        s.line(&[(x, 74), (x + bend, 68), (x, 62), (x + bend, 56)], 2, WHITE);
    }
}

/// An oven with a fire, loaves on a shelf and on a table.
pub fn bakery(s: &mut Sheet) {
    s.block(0, 0, 320, 140, PAPER);
    s.block(0, 140, 320, 40, STEEL);
    s.soft((18, 34), (130, 118), 14, BRICK);
    for y in [52, 70, 88, 106, 124, 142] {
        s.line(&[(20, y), (146, y)], 1, ROSE);
    }
    s.soft((40, 62), (86, 62), 30, INK);
    s.shape(&[(56, 122), (64, 94), (74, 110), (84, 86), (94, 110), (104, 98), (110, 122)], AMBER);
    s.shape(&[(68, 122), (76, 108), (84, 100), (92, 112), (98, 122)], SUN);
    s.block(30, 124, 106, 8, MIST);
    for y in [40, 74] {
        s.block(182, y + 18, 118, 5, WOOD);
        for x in [190, 218, 246, 274] {
            s.soft((x, y), (24, 18), 9, AMBER);
            s.line(&[(x + 6, y + 6), (x + 10, y + 11)], 2, SAND);
            s.line(&[(x + 13, y + 6), (x + 17, y + 11)], 2, SAND);
        }
    }
    s.block(168, 128, 152, 10, WOOD);
    s.block(182, 138, 8, 42, BARK);
    s.block(296, 138, 8, 42, BARK);
    s.soft((192, 112), (44, 17), 8, SAND);
    s.line(&[(244, 122), (300, 122)], 8, BARK);
    s.line(&[(254, 122), (290, 122)], 10, WOOD);
    s.line(&[(160, 178), (120, 118)], 3, BARK);
}

/// A counter with an espresso machine, cups and a menu.
pub fn coffee_bar(s: &mut Sheet) {
    s.block(0, 0, 320, 180, DEEP);
    s.block(0, 0, 320, 112, TEAL);
    s.soft((22, 20), (84, 62), 3, INK);
    for (y, width) in [(32, 60), (44, 46), (56, 54), (68, 34)] {
        s.line(&[(32, y), (32 + width, y)], 2, MIST);
    }
    s.lamp(134, 26, SUN);
    s.lamp(270, 26, SUN);
    s.block(176, 34, 70, 4, WOOD);
    for (x, tone) in [(182, PAPER), (198, ROSE), (214, PAPER), (230, SUN)] {
        s.soft((x, 22), (11, 12), 3, tone);
    }
    s.block(0, 112, 320, 10, WOOD);
    s.block(0, 122, 320, 58, BARK);
    for x in [16, 80, 144, 208, 272] {
        s.block(x, 132, 44, 40, WOOD);
    }
    s.soft((158, 54), (104, 58), 6, STEEL);
    s.block(158, 70, 104, 8, MIST);
    s.block(170, 84, 34, 28, INK);
    s.block(216, 84, 34, 28, INK);
    for x in [187, 233] {
        s.block(x - 8, 82, 16, 5, MIST);
        s.line(&[(x, 88), (x, 96)], 2, BARK);
        s.soft((x - 7, 98), (14, 12), 4, WHITE);
    }
    s.disc(210, 62, 4, SUN);
    for x in [40, 76] {
        s.soft((x - 16, 108), (34, 5), 2, MIST);
        s.soft((x - 10, 94), (20, 15), 5, WHITE);
        s.ring(x + 11, 100, 4, 2, WHITE);
        s.line(&[(x - 3, 90), (x, 84), (x - 3, 78)], 2, MIST);
        s.line(&[(x + 4, 90), (x + 7, 84), (x + 4, 78)], 2, MIST);
    }
    s.plant(304, 112);
}

/// A class: a board, tables with books, a diploma on the wall.
pub fn classroom(s: &mut Sheet) {
    s.block(0, 0, 320, 136, SKY);
    s.block(0, 136, 320, 44, SAND);
    s.block(70, 20, 150, 78, WOOD);
    s.block(75, 25, 140, 68, MOSS);
    s.line(&[(88, 42), (120, 42)], 3, PAPER);
    s.line(&[(88, 56), (140, 56)], 3, PAPER);
    s.line(&[(88, 70), (112, 70)], 3, PAPER);
    s.line(&[(160, 78), (160, 68), (176, 68), (176, 56), (192, 56), (192, 44)], 3, SUN);
    s.block(240, 30, 56, 42, AMBER);
    s.block(244, 34, 48, 34, PAPER);
    s.line(&[(252, 42), (284, 42)], 2, DEEP);
    s.line(&[(256, 49), (280, 49)], 1, STEEL);
    s.disc(268, 60, 5, BRICK);
    s.window(14, 30, 38, 60, PAPER);
    for x in [38, 140, 242] {
        s.shape(&[(x - 26, 128), (x + 54, 128), (x + 62, 138), (x - 34, 138)], WOOD);
        s.block(x - 26, 138, 5, 42, BARK);
        s.block(x + 49, 138, 5, 42, BARK);
    }
    for (x, tones) in [(26, [BRICK, TEAL, SUN]), (134, [SUN, MOSS, BRICK]), (240, [TEAL, ROSE, DEEP])] {
        for (place, tone) in (0..).zip(tones) {
            s.soft((x - place * 2, 122 - place * 7), (40, 6), 2, tone);
        }
    }
    s.shape(&[(78, 128), (92, 118), (106, 128)], PAPER);
    s.plant(300, 128);
}

/// A painting of a plus on an easel, with pots of paint.
pub fn studio_of_art(s: &mut Sheet) {
    s.block(0, 0, 320, 140, PAPER);
    s.block(0, 140, 320, 40, SAND);
    s.window(22, 22, 62, 76, SKY);
    s.disc(66, 50, 10, SUN);
    s.line(&[(122, 176), (160, 20)], 4, WOOD);
    s.line(&[(214, 176), (176, 20)], 4, WOOD);
    s.line(&[(168, 30), (168, 150)], 4, BARK);
    s.block(108, 30, 120, 92, WHITE);
    s.block(112, 34, 112, 84, TEAL);
    s.disc(140, 96, 26, ROSE);
    s.disc(202, 54, 20, LIME);
    s.block(158, 46, 20, 60, SUN);
    s.block(138, 66, 60, 20, SUN);
    s.block(104, 122, 128, 6, WOOD);
    for (x, tone) in [(254, BRICK), (278, SUN), (302, TEAL)] {
        s.block(x - 9, 130, 18, 24, MIST);
        s.block(x - 9, 136, 18, 8, tone);
        s.soft((x - 10, 126), (20, 6), 3, tone);
    }
    s.line(&[(278, 126), (288, 98)], 3, BARK);
    s.line(&[(288, 98), (290, 92)], 5, BRICK);
    s.shape(&[(26, 150), (70, 144), (84, 156), (60, 168), (30, 166)], WOOD);
    for (x, y, tone) in [(40, 154, BRICK), (52, 150, SUN), (64, 152, LEAF), (46, 162, DEEP), (62, 162, WHITE)] {
        s.disc(x, y, 4, tone);
    }
}

/// Work places side by side: a sewing machine, a screen, a vice.
pub fn hub(s: &mut Sheet) {
    s.block(0, 0, 320, 126, MIST);
    s.block(0, 126, 320, 54, TEAL);
    for x in [20, 124, 228] {
        s.window(x, 18, 70, 44, SKY);
    }
    s.block(0, 118, 320, 10, WOOD);
    for x in [14, 108, 206, 300] {
        s.block(x, 128, 7, 52, BARK);
    }
    s.soft((22, 108), (74, 10), 3, BRICK);
    s.soft((28, 76), (60, 16), 6, BRICK);
    s.block(76, 82, 14, 28, BRICK);
    s.line(&[(34, 90), (34, 110)], 2, INK);
    s.disc(91, 86, 7, SUN);
    s.shape(&[(22, 112), (48, 112), (40, 130), (12, 128)], ROSE);
    s.soft((134, 72), (58, 38), 3, INK);
    s.block(138, 76, 50, 30, SKY);
    s.line(&[(146, 98), (156, 90), (166, 94), (180, 82)], 2, BRICK);
    s.block(160, 110, 6, 6, INK);
    s.block(148, 115, 30, 3, INK);
    s.soft((226, 94), (22, 24), 2, STEEL);
    s.soft((262, 94), (18, 24), 2, STEEL);
    s.line(&[(240, 106), (294, 106)], 5, DEEP);
    s.line(&[(296, 98), (296, 114)], 3, DEEP);
    s.block(248, 86, 14, 24, WOOD);
    s.plant(206, 118);
    for (x, tone) in [(58, SUN), (164, ROSE), (258, LIME)] {
        s.block(x - 16, 150, 32, 6, tone);
        s.line(&[(x - 12, 156), (x - 16, 178)], 3, DEEP);
        s.line(&[(x + 12, 156), (x + 16, 178)], 3, DEEP);
    }
}
