using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeInference.Tool.Stress;

/// <summary>Damages a JSON text as a tree: members vanish, change places and types, numbers and names get interesting values.</summary>
internal static class JsonMutator
{
    internal static byte[] Mutate(byte[] text, Random random)
    {
        if (random.Next(8) == 0)
        {
            return ByteMutator.Mutate(text, random);
        }

        try
        {
            return MutateTree(JsonNode.Parse(text)!, random);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            // Damaged before: no JSON any more, text that is no UTF-8, or a member twice.
            return ByteMutator.Mutate(text, random);
        }
    }

    private static byte[] MutateTree(JsonNode root, Random random)
    {
        for (int changes = 1 + random.Next(3); changes > 0; changes--)
        {
            List<JsonNode> nodes = [root];
            for (int i = 0; i < nodes.Count; i++)
            {
                nodes.AddRange(Children(nodes[i]).OfType<JsonNode>());
            }

            JsonNode[] containers = [.. nodes.Where(node => Children(node).Any())];
            if (containers.Length == 0)
            {
                break;
            }

            Change(containers[random.Next(containers.Length)], nodes[random.Next(nodes.Count)], random);
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    private static IEnumerable<JsonNode?> Children(JsonNode node) => node switch
    {
        JsonObject members => members.Select(member => member.Value),
        JsonArray items => items,
        _ => [],
    };

    private static void Change(JsonNode container, JsonNode other, Random random)
    {
        JsonNode? value = random.Next(6) switch
        {
            0 => other.DeepClone(),
            1 => null,
            2 => JsonValue.Create(ByteMutator.Interesting[random.Next(ByteMutator.Interesting.Length)]),
            3 => JsonValue.Create(random.NextDouble() * 1e10),
            4 => JsonValue.Create(new string('a', random.Next(40))),
            _ => new JsonArray(1, -1, 0),
        };
        if (container is JsonObject members)
        {
            string name = members.ElementAt(random.Next(members.Count)).Key;
            if (random.Next(3) == 0)
            {
                members.Remove(name);
            }
            else
            {
                members[random.Next(5) == 0 ? name + "_" : name] = value;
            }
        }
        else if (container is JsonArray items)
        {
            int index = random.Next(items.Count);
            if (random.Next(3) == 0)
            {
                items.RemoveAt(index);
            }
            else if (random.Next(3) == 0)
            {
                items.Add(value);
            }
            else
            {
                items[index] = value;
            }
        }
    }
}
