"""Models of stock Keras 3 layers, small, for the exchange of .keras files. Each function is one file of golden/keras_files."""

import keras
import numpy as np
from keras import Input, Model, Sequential, ops

L = keras.layers


def dense_batchnorm():
    return Sequential(
        [
            Input((5,)),
            L.Dense(7, activation="relu", name="hidden"),
            L.BatchNormalization(epsilon=0.01),
            L.Dropout(0.3, seed=3),
            L.Dense(4, use_bias=False, kernel_regularizer=keras.regularizers.L1L2(0.01, 0.02)),
            L.BatchNormalization(center=False, scale=False),
            L.Dense(3, activation="softmax", kernel_initializer="he_normal"),
        ],
        name="classifier",
    )


def convnet():
    x = image = Input((8, 9, 3), name="image")
    x = L.Conv2D(4, 3, padding="same", strides=2, use_bias=False)(x)
    x = L.BatchNormalization()(x)
    x = L.Activation("relu")(x)
    x = L.MaxPooling2D(2)(x)
    x = L.DepthwiseConv2D(2, padding="same", depth_multiplier=2, activation="relu6")(x)
    x = L.SeparableConv2D(5, (2, 1), padding="same", activation="silu")(x)
    x = L.SpatialDropout2D(0.2)(x)
    x = L.GlobalAveragePooling2D()(x)
    return Model(image, L.Dense(2)(x))


def norms():
    x = given = Input((6, 8))
    x = L.LayerNormalization()(x)
    x = L.Dense(8)(x)
    x = L.GroupNormalization(groups=4, epsilon=1e-4)(x)
    x = L.Dense(8)(x)
    x = L.GroupNormalization(groups=-1)(x)
    x = L.Dense(8)(x)
    x = L.RMSNormalization()(x)
    x = L.LayerNormalization(axis=[1, 2], scale=False)(x)
    x = L.LayerNormalization(axis=1, center=False)(x)
    x = L.UnitNormalization()(x)
    x = L.BatchNormalization(axis=1, momentum=0.9)(x)
    return Model(given, x)


def noises():
    return Sequential(
        [
            Input((6, 4)),
            L.GaussianNoise(0.1, seed=1),
            L.GaussianDropout(0.2),
            L.AlphaDropout(0.1, noise_shape=(None, 1, 4)),
            L.Dropout(0.25, noise_shape=(None, 1, 4)),
            L.SpatialDropout1D(0.5),
            L.Dropout(0.0),
            L.Dense(2),
        ]
    )


def lstm_text():
    return Sequential(
        [
            Input((7,), dtype="int32"),
            L.Embedding(11, 5, mask_zero=True),
            L.LSTM(6, return_sequences=True, dropout=0.1, recurrent_dropout=0.1),
            L.LayerNormalization(),
            L.LSTM(4, go_backwards=True),
            L.Dense(2, activation="sigmoid"),
        ]
    )


def gru_text():
    return Sequential(
        [
            Input((7, 3)),
            L.GRU(5, return_sequences=True),
            L.GRU(4, reset_after=False, return_sequences=True, recurrent_activation="hard_sigmoid"),
            L.GRU(4, use_bias=False, go_backwards=True, return_sequences=True),
            L.SimpleRNN(3, activation="relu"),
        ]
    )


def bidirectional():
    x = given = Input((5, 3))
    x = L.Bidirectional(L.LSTM(4, return_sequences=True))(x)
    x = L.TimeDistributed(L.Dense(6, activation="gelu"))(x)
    x = L.TimeDistributed(L.LayerNormalization())(x)
    x = L.Bidirectional(L.GRU(2), merge_mode="sum")(x)
    return Model(given, x)


def two_inputs_two_outputs():
    a, b = Input((4,), name="b_first"), Input((6,), name="a_second")
    left = L.Dense(5, activation="tanh")(a)
    right = L.Dense(5, activation="elu")(b)
    sum_ = L.Add()([left, right])
    product = L.Multiply()([left, right])
    joined = L.Concatenate()([sum_, product, b])
    one = L.Dense(2, name="one")(joined)
    two = L.Dense(3, name="two")(L.BatchNormalization()(joined))
    return Model([a, b], [two, one])


def shared():
    a, b = Input((4,)), Input((4,))
    layer, norm = L.Dense(4, activation="selu"), L.LayerNormalization()
    x, y = norm(layer(a)), norm(layer(layer(b)))
    return Model([a, b], L.Subtract()([L.Maximum()([x, y]), L.Average()([y, layer(y)])]))


def nested():
    encoder = Sequential([Input((6,)), L.Dense(5, activation="relu"), L.BatchNormalization()], name="encoder")
    inner = Input((5,))
    head = Model(inner, L.Dense(3)(L.Add()([inner, L.Dense(5)(inner)])), name="head")
    a, b = Input((6,)), Input((6,))
    x, y = head(encoder(a)), head(encoder(b))
    return Model([a, b], L.Concatenate()([x, y, L.Dense(2)(encoder(a))]))


def nested_sequential():
    block = lambda units: Sequential([L.Dense(units), L.BatchNormalization(), L.Activation("relu")])
    return Sequential([Input((4,)), block(6), Sequential([block(5), L.Dropout(0.5), block(4)]), L.Dense(1)])


def residual_operators():
    x = given = Input((6, 6, 4))
    y = L.Conv2D(4, 3, padding="same")(x)
    x = x + L.GroupNormalization(2)(y)
    x = x * 0.5 - y / 2.0
    x = ops.relu(x)
    x = ops.mean(x, axis=(1, 2))
    x = 1.0 - ops.tanh(x)[:, 1:]
    return Model(given, -x)


def convolutions_1d():
    x = given = Input((12, 3))
    x = L.ZeroPadding1D(1)(x)
    x = L.Conv1D(4, 3, padding="causal", dilation_rate=2)(x)
    x = L.BatchNormalization()(x)
    x = L.SeparableConv1D(5, 3)(x)
    x = L.AveragePooling1D(2)(x)
    x = L.Conv1DTranspose(3, 3, strides=2, padding="same")(x)
    x = L.UpSampling1D(2)(x)
    x = L.Cropping1D((1, 2))(x)
    x = L.DepthwiseConv1D(3, padding="same")(x)
    return Model(given, [L.GlobalMaxPooling1D()(x), L.GlobalAveragePooling1D(keepdims=True)(x)])


def convolutions_2d():
    x = given = Input((7, 6, 2))
    x = L.ZeroPadding2D(((1, 0), (2, 1)))(x)
    x = L.Conv2DTranspose(3, 3, strides=2, padding="same", activation="leaky_relu")(x)
    x = L.Cropping2D(((1, 0), (2, 1)))(x)
    x = L.Conv2DTranspose(3, 2, strides=2, padding="valid")(x)
    x = L.UpSampling2D((2, 1))(x)
    x = L.AveragePooling2D((3, 2), padding="same")(x)
    x = L.Conv2D(4, 3, dilation_rate=2)(x)
    x = L.UpSampling2D(2, interpolation="bilinear")(x)
    return Model(given, L.GlobalMaxPooling2D()(x))


def convolutions_3d():
    x = given = Input((4, 5, 6, 2))
    x = L.Conv3D(3, 2, padding="same")(x)
    x = L.BatchNormalization()(x)
    x = L.MaxPooling3D(2, padding="same")(x)
    x = L.Conv3DTranspose(2, 2, strides=2)(x)
    x = L.SpatialDropout3D(0.2)(x)
    x = L.AveragePooling3D((1, 2, 2))(x)
    return Model(given, [L.GlobalAveragePooling3D()(x), L.Flatten()(x)])


def shapes():
    x = given = Input((4, 6))
    x = L.Permute((2, 1))(x)
    x = L.Reshape((3, -1))(x)
    x = L.Rescaling(0.5, offset=-1.0)(x)
    x = L.Identity()(x)
    y = L.RepeatVector(3)(L.Dense(5)(L.Flatten()(x)))
    x = L.Concatenate(axis=-1)([x, y])
    return Model(given, [x, L.Dot(axes=2, normalize=True)([y, y])])


def activations():
    names = (
        "relu relu6 leaky_relu elu selu celu gelu silu hard_silu mish softplus softsign sigmoid hard_sigmoid tanh hard_tanh "
        "log_sigmoid exponential softmax log_softmax linear tanh_shrink squareplus"
    ).split()
    given = Input((5,))
    shared_ = L.Dense(5)(given)
    done = [L.Activation(name)(shared_) for name in names]
    return Model(given, L.Concatenate()(done + [L.Dense(3, activation=n)(shared_) for n in ("hard_sigmoid", "gelu")]))


def activation_layers():
    given = Input((3, 5))
    x = L.Dense(5)(given)
    some = [
        L.ReLU(max_value=1.5),
        L.ReLU(negative_slope=0.1),
        L.ReLU(threshold=0.3),
        L.ReLU(max_value=2.0, negative_slope=0.2, threshold=0.5),
        L.LeakyReLU(),
        L.ELU(0.7),
        L.PReLU(shared_axes=[1]),
        L.PReLU(),
        L.Softmax(),
        L.Softmax(axis=1),
    ]
    return Model(given, [layer(x) for layer in some])


def channels_first_norms():
    x = given = Input((3, 5, 4))
    x = L.BatchNormalization(axis=1)(x)
    x = L.GroupNormalization(3, axis=1)(x)
    x = L.LayerNormalization(axis=(1, 2, 3))(x)
    x = L.SpatialDropout2D(0.4, data_format="channels_first")(x)
    return Model(given, x)


def transformer():
    x = given = Input((6, 8))
    for _ in range(2):
        y = L.LayerNormalization(epsilon=1e-6)(x)
        y = L.MultiHeadAttention(2, 4, dropout=0.1)(y, y)
        x = L.Add()([x, y])
        y = L.RMSNormalization()(x)
        y = L.Dense(16, activation="gelu")(y)
        x = x + L.Dropout(0.1)(L.Dense(8)(y))
    return Model(given, L.Dense(3)(L.GlobalAveragePooling1D()(x)))


def spectral():
    x = given = Input((6, 6, 3))
    x = L.SpectralNormalization(L.Conv2D(4, 3), power_iterations=2)(x)
    x = L.LeakyReLU(0.1)(x)
    return Model(given, L.SpectralNormalization(L.Dense(2))(L.Flatten()(x)))


def dictionaries():
    a, b = Input((3,), name="z"), Input((2,), name="y")
    x = L.Concatenate()([a, b])
    return Model({"z": a, "y": b}, {"second": L.Dense(2)(x), "first": L.Dense(1)(x)})


def frozen():
    model = Sequential([Input((4,)), L.Dense(4), L.BatchNormalization(trainable=False), L.Dense(2, trainable=False)])
    return model


def compiled():
    model = Sequential([Input((4,)), L.Dense(4, activation="relu"), L.BatchNormalization(), L.Dense(1)])
    model.compile(optimizer="adam", loss="mse", metrics=["mae"])
    x = np.ones((4, 4), "float32")
    model.fit(x, x[:, :1], verbose=0)
    return model


def mixed():
    return Sequential(
        [
            Input((4,)),
            L.Dense(4, dtype="mixed_bfloat16"),
            L.LayerNormalization(dtype="float32"),
            L.Dense(2, dtype="float32"),
        ]
    )


def half():
    return Sequential([Input((4,)), L.Dense(4, dtype="float16"), L.BatchNormalization(dtype="float32")])


def einsum():
    x = given = Input((5, 6))
    x = L.EinsumDense("abc,cd->abd", output_shape=(None, 4), bias_axes="d", activation="relu")(x)
    x = L.Attention(use_scale=True)([x, x])
    return Model(given, L.Normalization(axis=-1, mean=[0.1, 0.2, 0.3, 0.4], variance=[1.0, 2.0, 3.0, 4.0])(x))


def conv_lstm():
    return Sequential(
        [Input((3, 5, 5, 2)), L.ConvLSTM2D(3, 2, padding="same"), L.BatchNormalization(), L.Flatten(), L.Dense(2)]
    )


def stateful_cells():
    return Sequential(
        [
            Input((5, 3)),
            L.RNN([L.LSTMCell(4), L.GRUCell(3)], return_sequences=True),
            L.RNN(L.SimpleRNNCell(2)),
        ]
    )


def modes():
    return Sequential(
        [
            Input((6,)),
            L.BatchNormalization(renorm=True, renorm_clipping={"rmax": 3.0, "dmax": 5.0}, renorm_momentum=0.9),
            L.Dense(5),
            L.LayerNormalization(rms_scaling=True),
            L.BatchNormalization(renorm=True, center=False, axis=-1),
        ]
    )


def causal():
    x = given = Input((5,), dtype="int32")
    x = L.Embedding(11, 6)(x)
    y = L.MultiHeadAttention(2, 3, output_shape=6, use_bias=False)(x, x, use_causal_mask=True)
    memory = Input((4, 7))
    y = L.MultiHeadAttention(3, 2)(y, memory, key=memory)
    x = ops.concatenate([x, y], axis=-1)
    x = ops.transpose(ops.reshape(x, (-1, 5, 4, 3)), (0, 2, 1, 3))
    x = ops.max(ops.expand_dims(x[:, 0], 1), axis=-1, keepdims=True) + ops.sqrt(ops.abs(x[..., :1]))
    return Model([given, memory], [x, L.GlobalAveragePooling1D()(y)])


def masked_attention():
    x = given = Input((5,), dtype="int32")
    x = L.Embedding(11, 6, mask_zero=True)(x)
    x = L.Add()([x, L.MultiHeadAttention(2, 3)(x, x)])
    x = L.LayerNormalization()(x)
    x = L.BatchNormalization()(x)
    return Model(given, [x, L.GlobalAveragePooling1D()(x)])


def masked_text():
    given = Input((6,), dtype="int32")
    x = L.Embedding(11, 5, mask_zero=True)(given)
    x = L.SpatialDropout1D(0.1)(x)
    x = L.Bidirectional(L.GRU(4, return_sequences=True))(x)
    x = L.LayerNormalization()(L.Dense(4)(x) + x[..., :4])
    numbers = Input((6, 3))
    y = L.LSTM(4, return_sequences=True)(L.Masking(0.0)(numbers))
    y = L.TimeDistributed(L.Dense(4))(y)
    return Model([given, numbers], [L.LSTM(3)(x), L.GRU(2)(L.Dropout(0.1)(y))])


def autoencoder():
    return Sequential(
        [
            Input((6,), dtype="int32"),
            L.Embedding(11, 5, mask_zero=True),
            L.LSTM(4),
            L.RepeatVector(6),
            L.LSTM(3, return_sequences=True),
            L.TimeDistributed(L.Dense(5, activation="softmax")),
        ]
    )


def grouped():
    x = given = Input((6, 7, 4))
    x = L.Conv2D(8, 3, groups=4, padding="same", activation="relu")(x)
    x = L.Conv2D(6, (3, 2), groups=2, strides=2, use_bias=False)(x)
    x = L.Reshape((-1, 6))(x)
    x = L.Conv1D(9, 3, groups=3, padding="causal", dilation_rate=2)(x)
    x = L.Conv1D(9, 2, groups=9)(x)
    return Model(given, x)


MODELS = {name: make for name, make in list(globals().items()) if callable(make) and make.__module__ == __name__}
