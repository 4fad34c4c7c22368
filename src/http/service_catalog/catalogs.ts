// GET of catalogues and categories in the Service Catalog API. Must not choose what may be seen: the catalogue does.
import type { Catalog } from '../../catalog/catalog.ts';
import type { Place } from '../../catalog/places.ts';
import { Fault } from '../../kit/fault.ts';
import type { Answer, Asked, Operation } from '../api.ts';
import { type Data, sayData } from '../say_data.ts';

const noPlace = (): Fault =>
  new Fault('not_found', 'catalog.no_place', 'No Record found', {
    explanation: "Record doesn't exist or ACL restricts the record retrieval",
  });

const sayCatalog = ({ row, itemCount, categories }: Place): Data => ({
  sys_id: row.sys_id ?? '',
  title: row.title ?? '',
  description: row.description ?? '',
  has_categories: categories.length > 0,
  has_items: itemCount > 0,
  desktop_image: '',
});

const sayCategory = ({ row, itemCount, categories }: Place): Data => ({
  sys_id: row.sys_id ?? '',
  title: row.title ?? '',
  description: row.description ?? '',
  full_description: row.description ?? '',
  icon: '',
  header_icon: '',
  homepage_image: '',
  count: itemCount,
  subcategories: categories.map(({ row: below }) => ({ sys_id: below.sys_id ?? '', title: below.title ?? '' })),
});

/** The place itself, then those below it. */
const flat = (place: Place): Place[] => [place, ...place.categories.flatMap(flat)];

export const catalogOperations = (catalog: Pick<Catalog, 'catalogs' | 'category'>): Operation[] => {
  const page = ({ parameters }: Asked, places: readonly Place[], say: (place: Place) => Data): Data[] => {
    const text = parameters.get('sysparm_text')?.toLowerCase() ?? '';
    const from = parameters.wholeNumber('sysparm_offset') ?? 0;
    return places
      .filter(({ row }) => `${row.title}\n${row.description}`.toLowerCase().includes(text))
      .slice(from, from + (parameters.wholeNumber('sysparm_limit') ?? 10))
      .map(say);
  };
  const said = ({ accept }: Asked, result: Data): Answer => ({ status: 200, body: sayData(accept, result) });
  const theCatalog = async ({ caller, segments }: Asked): Promise<Place> => {
    const found = (await catalog.catalogs(caller)).find(({ row }) => row.sys_id === segments.get('sys_id'));
    if (!found) throw noPlace();
    return found;
  };

  const listCatalogs = async (asked: Asked) => said(asked, page(asked, await catalog.catalogs(asked.caller), sayCatalog));
  const showCatalog = async (asked: Asked) => said(asked, sayCatalog(await theCatalog(asked)));
  const listCategories = async (asked: Asked) => {
    const { categories } = await theCatalog(asked);
    const wanted = asked.parameters.isTrue('sysparm_top_level_only') ? categories : categories.flatMap(flat);
    return said(asked, page(asked, wanted, sayCategory));
  };
  const showCategory = async (asked: Asked) => {
    const found = await catalog.category(asked.caller, asked.segments.get('sys_id') ?? '');
    if (!found) throw noPlace();
    return said(asked, sayCategory(found));
  };

  const reads = ['sysparm_limit', 'sysparm_offset'] as const;
  const one = '/servicecatalog/catalogs/:sys_id';
  return [
    { method: 'GET', path: '/servicecatalog/catalogs', summary: 'Lists catalogs', reads, handle: listCatalogs },
    { method: 'GET', path: one, summary: 'A catalog', handle: showCatalog },
    { method: 'GET', path: `${one}/categories`, summary: 'Lists categories of a catalog', reads, handle: listCategories },
    { method: 'GET', path: '/servicecatalog/categories/:sys_id', summary: 'A category', handle: showCategory },
  ];
};
