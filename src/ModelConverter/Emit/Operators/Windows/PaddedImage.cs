using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>An image with what its windows reach around it, so that no window needs a test for its border: one copy, row by row.</summary>
internal static class PaddedImage
{
    /// <summary>Writes the copy as a method of its own where windows reach outside; where the image is then.</summary>
    /// <param name="context">The code.</param>
    /// <param name="image">The tensor.</param>
    /// <param name="shape">Its windows.</param>
    /// <param name="fill">What lies around it, a literal.</param>
    internal static Func<ArrayPlace> Emit(EmitContext context, TensorInfo image, ConvShape shape, string fill)
    {
        if (!shape.ReachesOutside)
        {
            return () => context.Source(image);
        }

        string type = EmitContext.ElementType(image.Type);
        int length = shape.Batch * shape.ReachedHeight * shape.ReachedWidth * shape.Channels;
        string field = Field(context, image.Type, shape, fill, length);
        int line = shape.Width * shape.Channels;
        context.CloseMethod();
        ArrayPlace source = context.Source(image);
        string copy = context.Local(type, field);
        context.Comment("A border around the image");
        context.Add($"{context.Declare("int", "line")}line = {source.Offset};", 2, 7);
        int first = ((shape.PadTop * shape.ReachedWidth) + shape.PadLeft) * shape.Channels;
        PlaceLoops loops = PlaceLoops.Open(context, [new PlaceLevel(shape.Batch, shape.ReachedHeight * shape.ReachedWidth * shape.Channels), new PlaceLevel(shape.Height, shape.ReachedWidth * shape.Channels)], Literal.Of(first), null, 0);
        context.Add($"Array.Copy({source.Name}, line, {copy}, at, {line});", 14, 16);
        context.Add($"line += {line};", 4, 8);
        loops.Close();
        context.CloseMethod();
        return () => new ArrayPlace(context.Local(type, field), 0);
    }

    // Images of one size with one border share a copy: the border is never written.
    private static string Field(EmitContext context, TensorType type, ConvShape shape, string fill, int length)
    {
        string key = $"{type} {fill} {shape.Batch} {shape.Height} {shape.Width} {shape.Channels} {shape.PadTop} {shape.PadLeft} {shape.ReachedHeight} {shape.ReachedWidth}";
        string name = $"Border{context.Number(key)}";
        string element = EmitContext.ElementType(type);
        return fill is "0" or "0f"
            ? context.Buffer(name, element, length)
            : context.Made(name, element, $"{(type == TensorType.Float32 ? "Float" : type.ToString())}Filled({length}, {fill})", length);
    }
}
