namespace OnnxBackend.Tests.Operators;

/// <summary>An attribute of a test model's node; what kind it is, the type of its value tells.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">A number, a text, a list of them, a tensor, or a graph.</param>
internal sealed record CaseAttribute(string Name, object Value)
{
    /// <summary>An AttributeProto.</summary>
    internal OnnxBytes Write()
    {
        OnnxBytes message = new OnnxBytes().Text(1, Name);
        switch (Value)
        {
            case float number:
                return message.Float(2, number).Integer(20, 1);
            case double number:
                return message.Float(2, (float)number).Integer(20, 1);
            case int number:
                return message.Integer(3, number).Integer(20, 2);
            case long number:
                return message.Integer(3, number).Integer(20, 2);
            case string text:
                return message.Text(4, text).Integer(20, 3);
            case CaseTensor tensor:
                return message.Message(5, tensor.Write("")).Integer(20, 4);
            case OnnxBytes graph:
                return message.Message(6, graph).Integer(20, 5);
            case float[] list:
                return list.Aggregate(message, (m, number) => m.Float(7, number)).Integer(20, 6);
            case double[] list:
                return list.Aggregate(message, (m, number) => m.Float(7, (float)number)).Integer(20, 6);
            case int[] list:
                return list.Aggregate(message, (m, number) => m.Integer(8, number)).Integer(20, 7);
            case string[] list:
                return list.Aggregate(message, (m, text) => m.Text(9, text)).Integer(20, 8);
            default:
                throw new NotSupportedException(Value.GetType().Name);
        }
    }
}
