namespace EdgeInference.ModelConverter.Import.Weights;

/// <summary>
/// Where Keras and torch.nn differ, a layer file over Keras weights has to say so: what would fit by its shape and mean something
/// else is refused.
/// </summary>
internal static class KerasConventions
{
    // Types whose weights are laid out as Keras has them, or that have none.
    private static readonly string[] others = ["Conv1d", "Conv2d", "ConvTranspose1d", "ConvTranspose2d", "RNN", "GRU", "LSTM", "PReLU"];

    /// <summary>Refuses a layer that would read Keras weights in another way than Keras.</summary>
    /// <exception cref="InputException">Its weights lie in another order, or its epsilon is not given.</exception>
    internal static void Check(LayerNodeContext layer)
    {
        if (Array.Exists(others, type => type.Equals(layer.Type, StringComparison.OrdinalIgnoreCase)))
        {
            throw layer.Settings.Fault("has the weight layout of torch.nn, which differs from Keras; save the whole model with model.save");
        }

        bool Is(string type) => type.Equals(layer.Type, StringComparison.OrdinalIgnoreCase);
        if (Is("Linear") && !layer.Settings.Flag("transposed"))
        {
            throw layer.Settings.Fault("needs \"transposed\": true; Keras stores weights as [in, out]");
        }

        if ((Is("BatchNorm") || Is("LayerNorm")) && layer.Settings.Number("eps") is null)
        {
            throw layer.Settings.Fault("needs 'eps', which is 0.001 by default in Keras and 0.00001 in torch.nn");
        }

        // Alone it can be either of the two.
        if (Is("LayerNorm") && !layer.File.Contains(layer.Prefix + ".bias"))
        {
            throw layer.Settings.Fault("has one tensor, which may be a scale or a shift; save the whole model with model.save");
        }

        if (Is("BatchNorm") && layer.Input.Shape.Length != 2)
        {
            throw layer.Settings.Fault("normalises axis 1 but Keras normalises the last axis; save the whole model with model.save");
        }
    }
}
