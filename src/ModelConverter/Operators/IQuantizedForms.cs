using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>The int8 and int16 forms that <see cref="OperatorDefinition.TryQuantize"/> chooses from. Each adds its form of a node; false where this node has none.</summary>
internal interface IQuantizedForms
{
    /// <summary>Constant weights for each channel, int32 sums, and the activation that follows as a clamp or a table.</summary>
    /// <param name="node">A layer.</param>
    /// <param name="precision">The precision.</param>
    /// <param name="groups">Groups of channels that do not meet.</param>
    /// <param name="hasOneWindow">Whether every output meets all weights, so that the mean error of the weights can be taken off the bias.</param>
    bool Layer(Node node, Precision precision, int groups, bool hasOneWindow);

    /// <summary>A table of a function of one number.</summary>
    bool Function(Node node, Precision precision);

    /// <summary>Add, Sub, Mul, and Div by a constant.</summary>
    bool Arithmetic(Node node, Precision precision);

    /// <summary>Elements moved, with the scale of the input.</summary>
    bool Move(Node node, Precision precision);

    /// <summary>A window that is reduced, with the scale of the input.</summary>
    bool Pool(Node node, Precision precision);

    /// <summary>Parts brought to one scale.</summary>
    bool Concat(Node node, Precision precision);

    /// <summary>Elements moved, and a number that has a place on the scale of the input.</summary>
    bool Pad(Node node, Precision precision);

    /// <summary>Sums and means on a scale of their own, extremes on that of the input.</summary>
    bool Reduce(Node node, Precision precision);

    /// <summary>LSTM in integers, with a cell in int16.</summary>
    bool LSTM(Node node, Precision precision);

    /// <summary>GRU and RNN in integers, with what they carry on in int16.</summary>
    bool Recurrent(Node node, Precision precision);

    /// <summary>Softmax in integers.</summary>
    bool Softmax(Node node, Precision precision);
}
