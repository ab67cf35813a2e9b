"""Questions that several frameworks are asked alike. Channels are axis 1."""

from types import SimpleNamespace as Spec

from form import draw, tolerance


def named(shape):
    return "x".join(map(str, shape))


def drawn(key, shape, params, kind, **more):
    """x, dy, gamma, beta and running statistics of the question `key`."""
    return Spec(
        name=key,
        shape=shape,
        x=draw(key + ":x", shape, kind),
        dy=draw(key + ":dy", shape),
        gamma=draw(key + ":gamma", params),
        beta=draw(key + ":beta", params),
        mean=draw(key + ":mean", params),
        variance=draw(key + ":variance", params, "positive"),
        tol=tolerance(kind),
        kind=kind,
        **more,
    )


def batch():
    shapes = [(6, 3), (5, 1), (4, 3, 5), (2, 3, 4, 3), (2, 3, 2, 2, 3)]
    plain = [(shape, 1e-5, affine, "normal") for shape in shapes for affine in (True, False)]
    eps = [(shape, 1e-3, True, "normal") for shape in shapes[:4]]
    hard = [((8, 3), 1e-5, True, kind) for kind in ("offset", "tiny", "big", "constant", "zero", "constant row")]
    space = [((2, 3, 4), 1e-3, False, kind) for kind in ("offset", "tiny", "constant")]
    for shape, epsilon, affine, kind in plain + eps + hard + space:
        key = f"bn_{named(shape)}_{'affine' if affine else 'plain'}_eps{epsilon:g}_{kind}"
        yield drawn(key, shape, (shape[1],), kind, eps=epsilon, affine=affine)


# (shape, axes): axes in a row at the end first, which is all that PyTorch serves.
TRAILING = [
    ((7,), (0,)),
    ((4, 6), (1,)),
    ((2, 3, 4), (2,)),
    ((2, 3, 4), (1, 2)),
    ((2, 3, 4), (0, 1, 2)),
    ((2, 2, 3, 2), (2, 3)),
    ((2, 2, 2, 2, 3), (4,)),
    ((3, 1), (1,)),
]
INNER = [((4, 6), (0,)), ((2, 3, 4), (1,)), ((2, 3, 4), (0, 2)), ((2, 3, 2, 4), (1, 3)), ((2, 3, 2, 2, 2), (1, 4))]


def layer(prefix, inner=False):
    where = TRAILING + (INNER if inner else [])
    plain = [(*at, 1e-5, affine, "normal") for at in where for affine in (True, False)]
    eps = [(*at, 1e-3, True, "normal") for at in where[1:4]]
    kinds = ("offset", "tiny", "big", "constant", "zero", "constant row", "zero row")
    hard = [((4, 6), (1,), 1e-5, True, kind) for kind in kinds]
    for shape, axes, epsilon, affine, kind in plain + eps + hard:
        key = f"{prefix}_{named(shape)}_over{named(axes)}_{'affine' if affine else 'plain'}_eps{epsilon:g}_{kind}"
        params = tuple(shape[axis] for axis in axes)
        yield drawn(key, shape, params, kind, axes=axes, eps=epsilon, affine=affine)


def group():
    plain = [
        (shape, groups, affine, "normal")
        for shape in [(2, 4), (2, 4, 5), (2, 4, 3, 2), (1, 4, 2, 2, 2)]
        for groups in (1, 2, 4)
        for affine in (True, False)
        if shape != (2, 4) or affine
    ]
    hard = [((2, 4, 5), 2, True, kind) for kind in ("offset", "tiny", "constant", "constant row")]
    for shape, groups, affine, kind in plain + hard:
        key = f"gn_{named(shape)}_g{groups}_{'affine' if affine else 'plain'}_{kind}"
        yield drawn(key, shape, (shape[1],), kind, groups=groups, eps=1e-5, affine=affine)


def instance():
    plain = [
        (shape, affine, "normal") for shape in [(2, 3, 5), (2, 3, 3, 2), (1, 3, 2, 2, 2)] for affine in (True, False)
    ]
    hard = [((2, 3, 6), True, kind) for kind in ("offset", "tiny", "constant", "constant row")]
    for shape, affine, kind in plain + hard:
        key = f"in_{named(shape)}_{'affine' if affine else 'plain'}_{kind}"
        yield drawn(key, shape, (shape[1],), kind, eps=1e-5, affine=affine)


def elementwise(prefix, shapes, kinds=("normal",)):
    for shape in shapes:
        for kind in kinds:
            yield drawn(f"{prefix}_{named(shape)}_{kind}", shape, (1,), kind)
