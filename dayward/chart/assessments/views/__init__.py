"""The staff pages of assessments: parse, permission, one service call, render."""
