"""The sets themselves, one for each theme's world, built from back to front."""

from __future__ import annotations

from pipeline.providers.fpo_art import furniture, light
from pipeline.providers.fpo_art.colour import mix
from pipeline.providers.fpo_art.forms import arch
from pipeline.providers.fpo_art.scene import Scene

LEAVES = {"spring": "plain", "summer": "round", "autumn": "oak", "winter": "long"}


def cosy(scene: Scene) -> None:
    tones, unit = scene.tones, scene.unit
    light.wall(scene, tones.wall, lift=0.45, fall=0.2)
    light.window(scene, soft=scene.short * 0.008, gain=0.2)
    tall = scene.room_above(unit * 1.25, scene.horizon)
    furniture.niche(scene, scene.x, scene.horizon, unit * 0.5, tall, mix(tones.wall, tones.form, 0.75))
    light.floor(scene, tones.floor, grain="wood")
    light.seam(scene)
    light.leaf_shadow(scene, LEAVES.get(scene.reading.season, "plain"))
    half = unit * 0.47
    furniture.drum(scene, scene.x, scene.y - half * 0.06, half, unit * 0.1, mix(tones.form, tones.paper, 0.45))
    furniture.ball(scene, scene.x + scene.side * unit * 0.72, scene.y + unit * 0.07, unit * 0.045, tones.accent)
    light.finish(scene, warmth=tones.warm, amount=0.03)


def urban(scene: Scene) -> None:
    tones, unit = scene.tones, scene.unit
    light.wall(scene, tones.wall, lift=0.3, fall=0.25, texture=0.03)
    light.floor(scene, tones.floor, grain="stone")
    light.seam(scene)
    half = unit * 0.5
    furniture.block(scene, scene.x - half, scene.x + half, scene.y + unit * 0.02, unit * 0.2, unit * 0.16, tones.form)
    furniture.ball(scene, scene.x + scene.side * unit * 0.72, scene.y + unit * 0.12, unit * 0.045, tones.accent)
    light.finish(scene)


def luxury(scene: Scene) -> None:
    tones, unit = scene.tones, scene.unit
    light.wall(scene, tones.wall, lift=0.05, fall=0.5, texture=0.02)
    light.glow(scene, scene.x, scene.y - unit * 0.6, unit * 1.3, tones.tint(tones.wall, 0.3), 0.5)
    furniture.ring(scene, scene.x, scene.y - unit * 0.62, unit * 0.56, unit * 0.545, tones.warm)
    light.floor(scene, tones.shade(tones.wall, 0.35), gloss=0.35)
    half = unit * 0.46
    furniture.drum(scene, scene.x, scene.y - half * 0.06, half, unit * 0.12, tones.shade(tones.wall, 0.2))
    light.finish(scene, vignette=0.2)


def sporty(scene: Scene) -> None:
    urban(scene)


def plain(scene: Scene) -> None:
    tones, unit = scene.tones, scene.unit
    light.wall(scene, tones.wall)
    tall = scene.room_above(unit * 1.2, scene.horizon)
    furniture.panel(scene, arch(scene.x, scene.horizon, unit * 0.46, tall), tones.form, thick=unit * 0.03)
    light.floor(scene, tones.floor, grain="soft")
    light.seam(scene)
    light.leaf_shadow(scene, LEAVES.get(scene.reading.season, "plain"))
    half = unit * 0.45
    furniture.drum(scene, scene.x, scene.y - half * 0.06, half, unit * 0.1, mix(tones.floor, tones.paper, 0.5))
    light.finish(scene)


WORLDS = {"cosy": cosy, "urban": urban, "luxury": luxury, "sporty": sporty, "plain": plain}
