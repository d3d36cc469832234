"""Make tests/spread/oracle_rothermel.jsonl: what pyretechnics says about the 13 fuel models.

pyretechnics pins an old numpy, so it is no dependency; this installs one version of it into an environment of its own:

    python3 tools/oracle_rothermel.py [ENVIRONMENT]     # default: a temporary folder

Where there are both, the wind blows across the slope: at other angles pyretechnics turns the wind into the plane of the
slope, which makes it stronger; BehavePlus and we add the factors in the horizontal plane.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

VERSION = "2026.10.20"
OUT = Path(__file__).parents[1] / "tests" / "spread" / "oracle_rothermel.jsonl"
MOISTURES = ((4.0, 5.0, 6.0, 60.0), (6.0, 7.0, 8.0, 80.0), (11.0, 12.0, 13.0, 120.0))  # %: 1 h, 10 h, 100 h, herbs
GROUND = ((0.0, 0.0), (1.0, 0.0), (3.0, 0.0), (6.0, 0.0), (0.0, 15.0), (0.0, 35.0), (3.0, 20.0))  # m/s, degrees

CASES = """
import json, math, sys
from pyretechnics.fuel_models import get_fuel_model, moisturize
from pyretechnics.surface_fire import calc_surface_fire_behavior_max, calc_surface_fire_behavior_no_wind_no_slope
for fuel, water, (wind, slope) in json.load(sys.stdin):
    one, ten, hundred, live = (part / 100 for part in water)
    bed = moisturize(get_fuel_model(fuel), (one, ten, hundred, 0.0, live, live))
    calm = calc_surface_fire_behavior_no_wind_no_slope(bed)
    rise = math.tan(math.radians(slope))
    # wind from the west, ground that rises to the north
    fire = calc_surface_fire_behavior_max(calm, wind * 60, 270.0, rise, 180.0)
    x, y, z = fire["max_spread_direction"]
    print(json.dumps({"fuel": fuel, "water": water, "wind": wind, "slope": slope,
        "rate": float("%.6g" % fire["max_spread_rate"]), "shape": float("%.6g" % fire["length_to_width_ratio"]),
        "direction": round(math.degrees(math.atan2(x, y * math.hypot(1, rise))) % 360, 3)}))
"""


def main() -> None:
    """Install, ask, write."""
    home = Path(sys.argv[1] if sys.argv[1:] else tempfile.mkdtemp()) / "oracle"
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"pyretechnics=={VERSION}"], check=True)
    cases = json.dumps(list(product(range(1, 14), MOISTURES, GROUND)))
    answer = subprocess.run([python, "-c", CASES], input=cases, text=True, check=True, stdout=subprocess.PIPE)
    head = json.dumps({"source": f"pyretechnics {VERSION}", "made by": "tools/oracle_rothermel.py"})
    OUT.write_text(f"{head}\n{answer.stdout}", encoding="utf-8")


if __name__ == "__main__":
    main()
